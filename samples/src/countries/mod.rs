//! Every country there is a sample of: one file of words each.

mod armenia;
mod brazil;
mod bulgaria;
mod czechia;
mod egypt;
mod finland;
mod france;
mod georgia;
mod germany;
mod greece;
mod hong_kong;
mod hungary;
mod india;
mod ireland;
mod israel;
mod italy;
mod japan;
mod morocco;
mod poland;
mod portugal;
mod romania;
mod serbia;
mod south_korea;
mod spain;
mod sweden;
mod taiwan;
mod thailand;
mod turkiye;
mod ukraine;
mod vietnam;

use crate::country::Country;

/// By name.
pub(crate) const COUNTRIES: [&Country; 30] = [
    &armenia::ARMENIA,
    &brazil::BRAZIL,
    &bulgaria::BULGARIA,
    &czechia::CZECHIA,
    &egypt::EGYPT,
    &finland::FINLAND,
    &france::FRANCE,
    &georgia::GEORGIA,
    &germany::GERMANY,
    &greece::GREECE,
    &hong_kong::HONG_KONG,
    &hungary::HUNGARY,
    &india::INDIA,
    &ireland::IRELAND,
    &israel::ISRAEL,
    &italy::ITALY,
    &japan::JAPAN,
    &morocco::MOROCCO,
    &poland::POLAND,
    &portugal::PORTUGAL,
    &romania::ROMANIA,
    &serbia::SERBIA,
    &south_korea::SOUTH_KOREA,
    &spain::SPAIN,
    &sweden::SWEDEN,
    &taiwan::TAIWAN,
    &thailand::THAILAND,
    &turkiye::TURKIYE,
    &ukraine::UKRAINE,
    &vietnam::VIETNAM,
];
