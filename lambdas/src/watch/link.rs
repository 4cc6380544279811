//! Links to the console, for people who want to read on.

use sluice_contract::job;

/// The log lines of a job; `arn` is anything of the same region. None where it is no ARN.
pub(super) fn log(arn: &str, platform: &str, stream: &str) -> Option<String> {
    let mut parts = arn.split(':');
    let partition = parts.nth(1)?;
    let region = parts.nth(1).filter(|it| !it.is_empty())?;
    let domain = match partition {
        "aws-cn" => "console.amazonaws.cn",
        "aws-us-gov" => "console.amazonaws-us-gov.com",
        _ => "console.aws.amazon.com",
    };
    let (group, stream) = (encoded(&job::log_group(platform)), encoded(stream));
    Some(format!(
        "https://{region}.{domain}/cloudwatch/home?region={region}\
         #logsV2:log-groups/log-group/{group}/log-events/{stream}"
    ))
}

/// As the console wants it behind the `#`: encoded twice, with `$` in the place of the outer `%`.
fn encoded(name: &str) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-_.~".contains(&it);
    let encode = |it: u8| if plain(it) { char::from(it).to_string() } else { format!("$25{it:02X}") };
    name.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_stream_in_its_region() {
        let arn = "arn:aws:states:eu-west-1:111111111111:execution:credit-reports-greece:r1";
        assert_eq!(
            log(arn, "credit-reports", "greece/default/4c75").unwrap(),
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/\
             log-group/$252Fsluice$252Fcredit-reports$252Fjobs/log-events/greece$252Fdefault$252F4c75"
        );
        assert!(
            log("arn:aws-cn:states:cn-north-1:1:x", "p", "s").unwrap().contains(".console.amazonaws.cn/")
        );
        assert_eq!(log("greece", "p", "s"), None);
    }
}
