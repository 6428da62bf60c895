//! A server that answers with what a test wants, and tasks that ask it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use tokio::sync::Semaphore;

use super::clients::Clients;
use super::guard::{Endpoint, Meter};
use super::http::http_client;
use super::task::{Bounds, Task};
use crate::snapshot::PartitionKey;

/// An HTTP server on this machine.
pub struct Server {
    /// Where it listens.
    pub url: String,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Answers the n-th connection with the n-th answer (status and body), and all further ones with the last.
    pub fn answering(answers: &'static [(u16, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let number = count.fetch_add(1, Ordering::SeqCst);
                let (status, body) = answers[number.min(answers.len() - 1)];
                let _ = stream.read(&mut vec![0; 65_536]);
                let length = body.len();
                let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            }
        });
        Self { url, connections }
    }

    /// How often anybody connected.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// An address where nobody listens.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A task that asks at `url`. Retries come without delay.
pub fn task(url: &str, service: &str, endpoint: Arc<Endpoint>, patience: Duration) -> Task {
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("ap-northeast-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test")))
        .endpoint_url(url)
        .http_client(http_client())
        .retry_config(RetryConfig::standard().with_max_attempts(4).with_initial_backoff(Duration::from_millis(1)))
        .build();
    let account: Arc<str> = "111111111111".into();
    let key = PartitionKey { account: Arc::clone(&account), region: "ap-northeast-1".into(), service: service.into() };
    let bounds = Bounds {
        whole: Arc::new(Semaphore::new(8)),
        account: Arc::new(Semaphore::new(8)),
        partition: Arc::new(Semaphore::new(8)),
    };
    let meter = Arc::new(Meter::new(Arc::default(), endpoint, patience));
    Task::new(key, Clients::new(config, account, meter), Arc::default(), bounds)
}
