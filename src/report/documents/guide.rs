//! The emergency guide: seven steps from safety to operations, as the Red Book for the loss of a Region and the Yellow
//! Book for that of a zone, with the workload's own conditions.

use super::markdown::Md;
use super::template::{self, Known, Values};
use super::texts::Action;
use super::{Paper, title};
use crate::assess::model::WorkloadReport;

/// An action of a book.
pub(in crate::report) struct Row<'r> {
    /// The workload.
    pub(in crate::report) workload: &'r WorkloadReport,
    /// The title of the book.
    pub(in crate::report) book: &'static str,
    /// The number of the step, from one.
    pub(in crate::report) step: usize,
    /// Its title.
    pub(in crate::report) title: &'static str,
    /// Who acts.
    pub(in crate::report) who: &'static str,
    /// What to do.
    pub(in crate::report) text: String,
    /// The command; empty for none.
    pub(in crate::report) cli: String,
    /// What to know; empty for nothing.
    pub(in crate::report) note: String,
    markdown: Md,
}

/// The actions of all books and workloads.
pub(in crate::report) fn rows<'r>(paper: &Paper<'r>) -> Vec<Row<'r>> {
    let books = &paper.texts.guide.books;
    paper.workloads().flat_map(|workload| books.iter().flat_map(|book| actions(paper, workload, &book.id))).collect()
}

fn actions<'r>(paper: &Paper<'r>, workload: &'r WorkloadReport, book: &str) -> Vec<Row<'r>> {
    let language = paper.report.language;
    let guide = &paper.texts.guide;
    let values = paper.values(workload);
    let title = guide.books.iter().find(|known| known.id == book).map_or("", |known| known.title.get(language));
    let mut rows = Vec::new();
    for (step, number) in guide.steps.iter().zip(1..) {
        for action in step.actions.iter().filter(|action| applies(action, book, &values)) {
            let text = action.text.get(language);
            rows.push(Row {
                workload,
                book: title,
                step: number,
                title: step.title.get(language),
                who: guide.roles.get(&action.who).map_or("", |role| role.get(language)),
                text: template::plain(text, &values),
                cli: template::shell(&action.cli, &values),
                note: action.note.as_ref().map(|note| note.get(language).to_owned()).unwrap_or_default(),
                markdown: template::md(text, &values),
            });
        }
    }
    rows
}

fn applies(action: &Action, book: &str, values: &Values) -> bool {
    action.book.as_deref().is_none_or(|wanted| wanted == book)
        && action.needs.iter().all(|name| values.has(name))
        && action.without.iter().all(|name| !values.has(name))
}

/// The conditions at the head of the guide: what to show, and the placeholder behind it.
const CONDITIONS: [(&str, &str); 12] = [
    ("primary_region", "primary_region"),
    ("dr_region", "dr_region"),
    ("build_after", "build_after"),
    ("switch_after", "switch_after"),
    ("objective_rto_region", "rto_region"),
    ("objective_rpo_region", "rpo_region"),
    ("objective_rto_az", "rto_az"),
    ("objective_rpo_az", "rpo_az"),
    ("rlo", "rlo"),
    ("recovery", "recovery"),
    ("failback", "failback_conditions"),
    ("channel", "channel"),
];

pub(super) fn document(paper: &Paper<'_>, workload: &WorkloadReport) -> String {
    let language = paper.report.language;
    let values = paper.values(workload);
    let mut document = paper.document(&paper.say("guide_of", &[("workload", &title(workload))]));
    document.paragraph(&paper.md("guide_lead"));
    document.heading(2, &paper.md("conditions"));
    let conditions: Vec<Vec<Md>> = CONDITIONS
        .iter()
        .map(|(word, name)| {
            let value = values.get(name).map(Known::shown).unwrap_or_default();
            vec![paper.md(word), Md::text(&value)]
        })
        .collect();
    document.table(&paper.head(["condition", "value"]), &conditions);
    for book in &paper.texts.guide.books {
        document.heading(2, &Md::text(book.title.get(language)));
        document.paragraph(&template::md(book.about.get(language), &values));
        let mut step = 0;
        for row in actions(paper, workload, &book.id) {
            if row.step != step {
                step = row.step;
                document.numbered(3, step, &Md::text(row.title));
            }
            let who = Md::text(&format!("{}: ", row.who)).bold();
            document.list("- [ ]", [&who.then(&Md::piece(" ")).then(&row.markdown)]);
            if !row.cli.is_empty() {
                document.shell(&row.cli);
            }
            if !row.note.is_empty() {
                document.remark(&Md::text(&row.note));
            }
        }
    }
    document.heading(2, &paper.md("sources"));
    let sources: Vec<Md> = paper.texts.guide.sources.iter().map(|source| Md::address(source)).collect();
    document.list("-", &sources);
    document.finish()
}
