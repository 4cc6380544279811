//! Deployments to an emulated account: the built program, its real requests, their shapes checked by the services'
//! own models (`shapes.py`).

mod account;
mod faults;
mod flows;
mod lifecycle;
mod stack;
