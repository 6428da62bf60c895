//! Links and judges a large synthetic estate once and says what that took.
//!
//! `cargo bench --no-default-features --bench estate -- 100000` for another size than a million resources.

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for developers, whose inputs are its own")]

#[allow(dead_code, reason = "the other benchmark needs more of it")]
mod synthetic;

use std::time::Instant;

use sonae::diagnostic::SourceFile;
use sonae::judge::judge_all;
use sonae::link::link_resources;
use sonae::manifest::{Manifest, Workload};
use sonae::model::Status;
use sonae::rules::{Overrides, RuleSet};

/// The rule for workloads among the twenty.
const WORKLOAD_RULE: &str = "ftr-dr-004-rto-defined-24h";

fn main() {
    // Cargo adds `--bench`.
    let size = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let manifest = Manifest::parse(&SourceFile::new("synthetic.yaml", synthetic::MANIFEST)).expect("a manifest");
    let rules = RuleSet::load(&[], &Overrides::new()).expect("our own rules");
    let rules = rules.filter(|rule| rule.targets[0].ty.service != "sonae" || &*rule.id == WORKLOAD_RULE);
    let workloads: Vec<_> = manifest.workloads.iter().map(Workload::value).collect();
    println!("threads                  {:>12}", rayon::current_num_threads());
    println!("rules                    {:>12}", rules.rules.len());
    println!("peak memory, start       {:>12.1} MiB", peak());

    let clock = Clock::start();
    let mut resources = synthetic::estate(size);
    clock.stop("build");
    let built = peak();
    println!("resources                {:>12}", resources.len());
    println!("peak memory, built       {built:>12.1} MiB");

    let clock = Clock::start();
    link_resources(&mut resources, synthetic::NOW);
    let wall = clock.stop("link");
    println!("  resources per second   {:>12.0}", resources.len() as f64 / wall);
    println!("peak memory, linked      {:>12.1} MiB", peak());

    resources.splice(0..0, manifest.workloads.iter().map(|workload| workload.resource.clone()));
    let judged = resources.iter().filter(|resource| rules.rules.iter().any(|rule| rule.target(resource.ty).is_some()));
    let judged = judged.count();
    for _ in 0..3 {
        let clock = Clock::start();
        let verdicts = judge_all(&rules, &resources, |_| &workloads[0], |_, _| None, synthetic::NOW);
        let wall = clock.stop("judge");
        println!("  resources with rules   {judged:>12}");
        println!("  rules x resources      {:>12}", rules.rules.len() * judged);
        println!("  evaluations            {:>12}", verdicts.len());
        println!("  resources per second   {:>12.0}", judged as f64 / wall);
        println!("  evaluations per second {:>12.0}", verdicts.len() as f64 / wall);
        for status in Status::ALL {
            let count = verdicts.iter().filter(|verdict| verdict.status == status).count();
            println!("    {:<20} {count:>12}", status.as_str());
        }
    }
    println!("peak memory, judged      {:>12.1} MiB", peak());
}

/// Measures one stage.
struct Clock {
    wall: Instant,
    cpu: f64,
}

impl Clock {
    fn start() -> Self {
        Self { wall: Instant::now(), cpu: cpu() }
    }

    fn stop(self, stage: &str) -> f64 {
        let wall = self.wall.elapsed().as_secs_f64();
        println!("{stage:<24} {wall:>12.3} s, {:.2} s of CPU", cpu() - self.cpu);
        wall
    }
}

/// CPU seconds of all threads. Zero where there is no `/proc`.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // User and system time, in the hundredths of a second that Linux promises to programs.
    fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory held so far, in MiB. Zero where there is no `/proc`.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}
