//! Connections to PostgreSQL, and what their errors mean.

use std::{error::Error as _, future::Future, io, pin::Pin, sync::Arc};

use postgres::{
    Client, Config, Error, NoTls,
    config::SslMode,
    error::SqlState,
    tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{TlsConnector, client};

use super::{Credentials, KEEPALIVE, Meaning, PATIENCE, PROBE, SILENCE, ServerTrouble, not_private};
use crate::{error::WorkerError, site::Site};

const ENGINES: [&str; 3] = ["postgres", "postgresql", "aurora-postgresql"];
const PORT: u16 = 5432;

/// A server that threads can connect to.
#[derive(Clone)]
pub(crate) struct PostgresServer {
    connection: String,
    place: String,
    config: Config,
    tls: Option<Rustls>,
}

impl std::fmt::Debug for PostgresServer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PostgresServer").field("place", &self.place).finish_non_exhaustive()
    }
}

impl PostgresServer {
    /// Reads the connection's secret. Connects to nothing yet.
    pub(crate) fn find(site: &Site, connection: &str, secret: &str) -> Result<Self, WorkerError> {
        let credentials = Credentials::read(site, connection, secret, &ENGINES, PORT)?;
        let place = credentials.place();
        let private = |message| not_private(connection, &place, message);
        let tls = &site.servers.tls;
        let tls = if tls.wanted(&credentials.host).map_err(private)? {
            Some(Rustls::new(tls.bundle().map_err(private)?).map_err(private)?)
        } else {
            None
        };
        let mut config = Config::new();
        let _ = config
            .host(&credentials.host)
            .port(credentials.port)
            .user(&credentials.user)
            .password(credentials.password.reveal())
            .dbname(&credentials.database)
            .application_name("sluice")
            .connect_timeout(PATIENCE)
            .keepalives_idle(KEEPALIVE)
            .keepalives_interval(PROBE)
            .tcp_user_timeout(SILENCE)
            .ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Self { connection: connection.to_owned(), place, config, tls })
    }

    /// The server's host, port and database, for messages.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Another connection, with the session settings that all of ours have.
    pub(crate) fn connect(&self) -> Result<Client, WorkerError> {
        let connected = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        let mut client = connected.map_err(|error| self.trouble(&error, true))?;
        client
            .batch_execute(
                "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET bytea_output = 'hex'; SET extra_float_digits = 1;
                 SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0",
            )
            .map_err(|error| self.trouble(&error, true))?;
        Ok(client)
    }

    /// The error of a connection that is not about a statement.
    pub(crate) fn trouble(&self, error: &Error, connecting: bool) -> WorkerError {
        let meant = meaning(error);
        let trouble = match meant {
            Meaning::Trouble(trouble) => trouble,
            Meaning::MayPass if connecting => ServerTrouble::Unreachable,
            Meaning::MayPass | Meaning::Statement => {
                return WorkerError::Database {
                    connection: self.connection.clone(),
                    place: self.place.clone(),
                    message: message(error),
                    transient: meant == Meaning::MayPass,
                };
            }
        };
        let (connection, place) = (self.connection.clone(), self.place.clone());
        WorkerError::Server { connection, place, trouble, message: message(error) }
    }
}

/// The server's own words.
pub(crate) fn message(error: &Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} (error {})", error.message(), error.code().code()),
        None => error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
    }
}

/// What the driver's error means.
pub(crate) fn meaning(error: &Error) -> Meaning {
    use ServerTrouble as Trouble;
    let Some(state) = error.code() else {
        let mut source = error.source();
        while let Some(it) = source {
            if it.is::<rustls::Error>() || it.downcast_ref::<io::Error>().is_some_and(holds_tls) {
                return Meaning::Trouble(Trouble::Tls);
            }
            source = it.source();
        }
        let text = error.to_string();
        return if text.contains("TLS") { Meaning::Trouble(Trouble::Tls) } else { Meaning::MayPass };
    };
    if *state == SqlState::UNDEFINED_DATABASE {
        return Meaning::Trouble(Trouble::UnknownDatabase);
    }
    match state.code() {
        "42501" | "28000" | "28P01" => Meaning::Trouble(Trouble::Denied),
        "53100" => Meaning::Trouble(Trouble::DiskFull),
        "53300" | "57P03" => Meaning::Trouble(Trouble::Unreachable),
        // A conflict of transactions, a deadlock, a lock's wait, no memory for a moment; the server stops, or the session
        // was ended.
        "40001" | "40P01" | "53200" | "55P03" | "57P01" | "57P02" | "57P05" | "57014" => Meaning::MayPass,
        code if code.starts_with("08") => Meaning::MayPass,
        _ => Meaning::Statement,
    }
}

fn holds_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
}

/// TLS by rustls for the driver.
#[derive(Clone)]
struct Rustls(Arc<ClientConfig>);

impl Rustls {
    /// Trusts the authorities that are known to all, and those of the file.
    fn new(bundle: Option<&std::path::Path>) -> Result<Self, String> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(path) = bundle {
            let wrong = |error: &dyn std::fmt::Display| {
                format!("`{}` holds no certificates: {error}", path.display())
            };
            for certificate in CertificateDer::pem_file_iter(path).map_err(|it| wrong(&it))? {
                let certificate = certificate.map_err(|it| wrong(&it))?;
                roots.add(certificate).map_err(|it| wrong(&it))?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        Ok(Self(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Rustls {
    type Stream = Stream<S>;
    type TlsConnect = Handshake;
    type Error = io::Error;

    fn make_tls_connect(&mut self, domain: &str) -> io::Result<Handshake> {
        let name = ServerName::try_from(domain).map_err(io::Error::other)?.to_owned();
        Ok(Handshake { connector: TlsConnector::from(Arc::clone(&self.0)), name })
    }
}

struct Handshake {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Handshake {
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move { Ok(Stream(self.connector.connect(self.name, stream).await?)) })
    }
}

struct Stream<S>(client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &[u8],
    ) -> std::task::Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, buffer)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
