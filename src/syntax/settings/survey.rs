//! The words of surveys.

use super::{BlockKind, Setting, block, setting};

const QUESTION: Setting = block(
    BlockKind::Ask,
    "ask",
    "A question that is answered by pressing keys.",
    "ask rating \"How was it, on a scale of 1 to 5?\" {\n    scale 1..5\n}",
);
const BRANCH: Setting = block(
    BlockKind::When,
    "when",
    "What is asked only after certain answers.",
    "when rating <= 2 {\n    ask reason \"Was it the price?\" {\n        yes_no\n    }\n}",
);

pub(super) const SURVEY: &[Setting] = &[
    setting("mode", "How callers come to the survey: in_call, external or post_call.", "mode in_call"),
    setting(
        "offer",
        "What callers hear before they are put through, and the key of those who do not want it.",
        "offer \"We will call you for a one question survey. If not, press 9.\" decline 9",
    ),
    setting("queue", "The queue that callers are put into, and called from.", "queue BasicQueue"),
    setting("hours", "The hours of operation in which it is offered.", "hours \"Office hours\""),
    setting("window", "When people may be called.", "window 09:00..20:00 caller time"),
    setting("limit", "How often one person is called.", "limit 1 call each 30 days"),
    setting("delay", "How long after the contact a caller is called.", "delay 10 minutes"),
    setting("attempts", "How often a call that nobody takes is tried.", "attempts 2 each 4 hours"),
    setting("ring", "How long it rings.", "ring 30 seconds"),
    setting(
        "machine",
        "What is done when an answering machine takes the call: hang_up or leave.",
        "machine leave \"We called for a short survey. Goodbye.\"",
    ),
    setting("voice", "The voice that speaks.", "voice Joanna"),
    setting("language", "The language that it speaks.", "language en-GB"),
    setting(
        "choose",
        "How callers get to their language, where there are translations: by key or by attribute. The survey's own \
         language is key 1, and the translations follow.",
        "choose by key \"For English, press 1. Para español, oprima 2.\"",
    ),
    setting("wait", "What callers hear while they wait in the queue.", "wait \"Please stay on the line.\""),
    setting(
        "sorry",
        "What callers hear who can't be put into the queue.",
        "sorry \"We can't put you through now. Please call again later.\"",
    ),
    QUESTION,
    BRANCH,
    setting("thank", "What is said at the end.", "thank \"Thank you for rating us {rating}.\""),
    setting(
        "goodbye",
        "What those hear who do not answer all questions.",
        "goodbye \"We will not ask any further. Goodbye.\"",
    ),
    setting("alert", "The channel that is told of certain answers.", "alert data_team when rating <= 2"),
    setting(
        "store",
        "The name that an answer is kept under, where other systems ask for one.",
        "store rating as NPS_Rating",
    ),
    block(
        BlockKind::Translation,
        "translation",
        "The survey's words in another language.",
        "translation es-US {\n    thank \"Gracias por calificarnos {rating}.\"\n}",
    ),
];

pub(super) const ASK: &[Setting] = &[
    setting("scale", "Any number from one to another.", "scale 1..5"),
    setting("choice", "A key, and the answer that it gives.", "choice 1 price"),
    setting("yes_no", "1 is yes and 2 is no.", "yes_no"),
    setting(
        "retry",
        "How often it is asked again, and what is said to a key that is no answer.",
        "retry 2 times \"Sorry, please press a key from 1 to 5.\"",
    ),
    setting(
        "silence",
        "How often it is asked again when no key is pressed, and what is said then.",
        "silence 1 time \"We did not hear your choice.\"",
    ),
    setting("decline", "The key of those who do not want to answer.", "decline 9"),
];

pub(super) const WHEN: &[Setting] = &[QUESTION, BRANCH];

pub(super) const TRANSLATION: &[Setting] = &[
    setting("voice", "The voice that speaks it.", "voice Lupe"),
    setting("offer", "As in the survey.", "offer \"Le llamaremos para una pregunta.\""),
    setting("wait", "As in the survey.", "wait \"Por favor, permanezca en la línea.\""),
    setting("sorry", "As in the survey.", "sorry \"No podemos atenderle ahora.\""),
    block(
        BlockKind::TranslatedAsk,
        "ask",
        "A question of the survey.",
        "ask rating \"¿Cómo nos califica, del 1 al 5?\" {\n    retry \"Pulse una tecla del 1 al 5.\"\n}",
    ),
    setting("thank", "As in the survey.", "thank \"Gracias por calificarnos {rating}.\""),
    setting("goodbye", "As in the survey.", "goodbye \"Adiós.\""),
];

pub(super) const TRANSLATED_ASK: &[Setting] = &[
    setting("retry", "What is said to a key that is no answer.", "retry \"Pulse una tecla del 1 al 5.\""),
    setting("silence", "What is said when no key is pressed.", "silence \"No le hemos oído.\""),
];
