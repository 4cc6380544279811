//! How connections to servers are kept private: always, unless a server of this very machine is to be spoken to openly.

use std::path::{Path, PathBuf};

use super::Variables;

/// Names the file of certificates that servers' own must be signed by.
pub const CA_VARIABLE: &str = "SLUICE_DATABASE_CA";
/// `off` turns TLS off, for servers on this machine only.
pub const TLS_VARIABLE: &str = "SLUICE_DATABASE_TLS";

/// The settings of one machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// Trusted besides the authorities that are known to all: for RDS, its bundle.
    pub ca_bundle: Option<PathBuf>,
    /// No TLS; refused for every server that is not on this machine.
    pub off: bool,
}

impl Tls {
    /// What the environment says.
    pub fn from_variables(variables: &Variables) -> Self {
        Self {
            ca_bundle: variables.get(CA_VARIABLE).map(PathBuf::from),
            off: variables.get(TLS_VARIABLE).is_some_and(|it| it.eq_ignore_ascii_case("off")),
        }
    }

    /// Whether the connection to that host is to be private; the reason where it must be and is not to be.
    pub(crate) fn wanted(&self, host: &str) -> Result<bool, String> {
        if !self.off {
            return Ok(true);
        }
        let local = host == "localhost" || host.parse().is_ok_and(|it: std::net::IpAddr| it.is_loopback());
        if local {
            Ok(false)
        } else {
            Err(format!("`{TLS_VARIABLE}` is `off`, and `{host}` is not this machine"))
        }
    }

    /// The file of certificates, where one is named and there.
    pub(crate) fn bundle(&self) -> Result<Option<&Path>, String> {
        match &self.ca_bundle {
            Some(path) if !path.is_file() => {
                Err(format!("`{CA_VARIABLE}` is `{}`, and there is no such file", path.display()))
            }
            Some(path) => Ok(Some(path)),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_off_for_this_machine_only() {
        let off = Tls { off: true, ca_bundle: None };
        assert_eq!(off.wanted("127.0.0.1"), Ok(false));
        assert_eq!(off.wanted("::1"), Ok(false));
        assert_eq!(off.wanted("localhost"), Ok(false));
        assert_eq!(
            off.wanted("10.0.0.1"),
            Err("`SLUICE_DATABASE_TLS` is `off`, and `10.0.0.1` is not this machine".to_owned())
        );
        assert_eq!(Tls::default().wanted("127.0.0.1"), Ok(true));
    }
}
