//! The sentences of findings, in both languages.

use crate::judge::evaluate::{Surroundings, Truth, truth};
use crate::judge::{Judgement, OpenQuestion};
use crate::model::{AnswerStatus, Language, Status, Text, Unknown, UnknownReason, Value};
use crate::rules::{EvidenceDefect, EvidenceProblem, Rule, Says, Sentence};

/// How many items of a list a sentence names; the evidence has all of them.
const LISTED: usize = 10;

/// One text of a pair.
pub(super) fn pick(language: Language, ja: &str, en: &str) -> String {
    match language {
        Language::Ja => ja.to_owned(),
        Language::En => en.to_owned(),
    }
}

/// A value in a sentence.
pub(super) fn show(value: &Value, language: Language) -> String {
    match value {
        Value::Null => pick(language, "未設定", "not set"),
        Value::Bool(true) => pick(language, "有効", "on"),
        Value::Bool(false) => pick(language, "無効", "off"),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Str(text) => text.to_string(),
        // Dates that people state are midnights.
        Value::Timestamp(time) if time.as_second() % 86_400 == 0 => time.strftime("%Y-%m-%d").to_string(),
        Value::Timestamp(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Value::Duration(seconds) => seconds.to_string(),
        Value::List(items) if items.is_empty() => pick(language, "なし", "none"),
        Value::List(items) => {
            // A list that was read in part has at least the items that are known.
            let known: Vec<&Value> = items.iter().filter(|item| item.as_unknown().is_none()).collect();
            if known.is_empty() {
                return pick(language, "確認不能", "unknown");
            }
            let mut text: String =
                known.iter().take(LISTED).map(|item| show(item, language)).collect::<Vec<_>>().join(", ");
            if known.len() > LISTED {
                let more = (known.len() - LISTED).to_string();
                text.push_str(&pick(language, "、ほか{n}件", ", {n} more").replace("{n}", &more));
            }
            if known.len() < items.len() {
                text.push_str(&pick(language, "、ほかは確認不能", ", others unknown"));
            }
            text
        }
        Value::Record(fields) => fields
            .iter()
            .filter(|field| !field.is_null())
            .map(|field| show(field, language))
            .collect::<Vec<_>>()
            .join(" "),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
        }
        Value::Unknown(_) => pick(language, "確認不能", "unknown"),
    }
}

/// The sentence that a rule has for a verdict.
pub(super) fn sentence<'a>(says: &'a Says, judgement: &Judgement, surroundings: &Surroundings<'_>) -> Option<&'a Text> {
    let sentences = match judgement.status {
        Status::Fail | Status::Waived if judgement.contradicted => &says.contradicted,
        Status::Fail | Status::Waived => &says.fail,
        Status::Pass => &says.pass,
        Status::NotApplicable if answered_so(judgement) => return None,
        Status::NotApplicable => &says.not_applicable,
        Status::Unknown | Status::Manual => return None,
    };
    let fits =
        |sentence: &&Sentence| sentence.when.as_ref().is_none_or(|when| truth(when, surroundings) == Truth::True);
    sentences.iter().find(fits).map(|sentence| &sentence.text)
}

/// Whether people said that it does not apply.
fn answered_so(judgement: &Judgement) -> bool {
    judgement.open.is_none() && judgement.decisions.is_empty()
}

/// Why a verdict came out as it did. `said` is the rule's own sentence, `evidence` are its named values.
pub(super) fn reason(
    rule: &Rule,
    said: Option<&Text>,
    judgement: &Judgement,
    evidence: &[(String, Value)],
    language: Language,
) -> String {
    if let Some(text) = said {
        return fill(text.get(language), evidence, language);
    }
    match judgement.status {
        Status::Pass => match rule.question {
            Some(_) => pick(language, "回答は有効です。", "The answer is fresh."),
            None => pick(language, "条件を満たしています。", "The condition holds."),
        },
        Status::Fail | Status::Waived => {
            let clauses = clauses(judgement, language);
            match (judgement.contradicted, language) {
                (true, Language::Ja) => format!("回答が、確認した内容と食い違っています: {clauses}"),
                (true, Language::En) => format!("What was read contradicts the answer: {clauses}"),
                (false, Language::Ja) => format!("条件を満たしていません: {clauses}"),
                (false, Language::En) => format!("The condition does not hold: {clauses}"),
            }
        }
        Status::NotApplicable if answered_so(judgement) => {
            pick(language, "対象外と回答されています。", "The answer says that it does not apply.")
        }
        Status::NotApplicable => {
            let clauses = clauses(judgement, language);
            match language {
                Language::Ja => format!("このルールの対象ではありません: {clauses}"),
                Language::En => format!("The rule does not apply: {clauses}"),
            }
        }
        Status::Unknown => judgement.unknown.as_deref().map_or_else(String::new, |why| unknown(why, language)),
        Status::Manual => judgement.open.as_ref().map_or_else(String::new, |why| open(why, language)),
    }
}

fn clauses(judgement: &Judgement, language: Language) -> String {
    judgement
        .decisions
        .iter()
        .map(|decision| {
            let values: Vec<String> =
                decision.values.iter().map(|(path, value)| format!("{path} = {}", show(value, language))).collect();
            if values.is_empty() { decision.text.clone() } else { format!("{} ({})", decision.text, values.join(", ")) }
        })
        .collect::<Vec<_>>()
        .join("; ")
}

/// Puts evidence in the place of `{name}`.
fn fill(text: &str, evidence: &[(String, Value)], language: Language) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) => {
                match evidence.iter().find(|(known, _)| known == name) {
                    Some((_, value)) => filled.push_str(&show(value, language)),
                    None => filled.push_str(name),
                }
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// Why something is unknown.
pub(super) fn unknown(why: &Unknown, language: Language) -> String {
    let cause = match (why.reason, language) {
        (UnknownReason::Denied, Language::Ja) => "権限がありません",
        (UnknownReason::Denied, Language::En) => "a permission is missing",
        (UnknownReason::Throttled, Language::Ja) => "スロットリングが続きました",
        (UnknownReason::Throttled, Language::En) => "AWS kept throttling",
        (UnknownReason::Unreachable, Language::Ja) => "エンドポイントに接続できません",
        (UnknownReason::Unreachable, Language::En) => "the endpoint cannot be reached",
        (UnknownReason::Unsupported, Language::Ja) => "この環境では提供されていません",
        (UnknownReason::Unsupported, Language::En) => "it is not offered here",
        (UnknownReason::NotOffered, Language::Ja) => "このリージョンでは提供されていません",
        (UnknownReason::NotOffered, Language::En) => "the Region does not offer it",
        (UnknownReason::Error, Language::Ja) => "AWSがエラーを返しました",
        (UnknownReason::Error, Language::En) => "AWS answered with an error",
        (UnknownReason::Interrupted, Language::Ja) => "スキャンが途中で終了しました",
        (UnknownReason::Interrupted, Language::En) => "the scan ended early",
        (UnknownReason::NotCollected, Language::Ja) => "今回のスキャンでは取得していません",
        (UnknownReason::NotCollected, Language::En) => "the scan did not read it",
        (UnknownReason::OutsideScan, Language::Ja) => "スキャン範囲の外にあります",
        (UnknownReason::OutsideScan, Language::En) => "it lies outside the scan",
        (UnknownReason::NotInPlan, Language::Ja) => "適用するまで決まりません",
        (UnknownReason::NotInPlan, Language::En) => "it is not known before it is applied",
        (UnknownReason::Absent, Language::Ja) => "比較する値がありません",
        (UnknownReason::Absent, Language::En) => "there is no value to compare",
        (UnknownReason::Mismatch, Language::Ja) => "値を比較できません",
        (UnknownReason::Mismatch, Language::En) => "the values do not compare",
        (UnknownReason::NotVisible, Language::Ja) => "AWSのAPIからは分かりません",
        (UnknownReason::NotVisible, Language::En) => "no API of AWS shows it",
        (UnknownReason::NotDocumented, Language::Ja) => {
            "AWSの公表値も実測値もありません。訓練や復元テストで測り、マニフェストの`recovery.measured`に記録してください"
        }
        (UnknownReason::NotDocumented, Language::En) => {
            "AWS documents no figure and nobody has measured one; measure it in a drill or a restore test and record it \
             under `recovery.measured` in the manifest"
        }
    };
    let operation = why.operation.as_deref().map(|operation| format!("{operation}: ")).unwrap_or_default();
    let detail = if why.detail.is_empty() { String::new() } else { format!(" ({})", why.detail) };
    match language {
        Language::Ja => format!("確認できません。{operation}{cause}{detail}"),
        Language::En => format!("It cannot be told: {operation}{cause}{detail}"),
    }
}

fn open(why: &OpenQuestion, language: Language) -> String {
    let (ja, en) = match why {
        OpenQuestion::Evidence(EvidenceProblem { file, defect }) => return broken(file, *defect, language),
        OpenQuestion::Changed => (
            "回答のあとにワークロードのデータストアの構成が変わりました。見直して、回答日とarchitectureを更新してください。",
            "The stores of the workload have changed since: review the answer, date it anew and update its `architecture`.",
        ),
        OpenQuestion::NoAnswer => ("まだ回答がありません。", "Nobody has answered yet."),
        OpenQuestion::Unfinished(AnswerStatus::InProgress) => ("対応中です。", "Somebody is at it."),
        OpenQuestion::Unfinished(_) => ("未対応です。", "Nobody has begun."),
        OpenQuestion::Stale => (
            "回答が古くなっています。見直して回答日を更新してください。",
            "The answer is too old: review it and date it anew.",
        ),
        OpenQuestion::ReviewDue => ("次回見直し日を過ぎています。", "The date for its review has passed."),
        OpenQuestion::NoEvidence => {
            ("根拠 (リンクまたはファイル) がありません。", "The answer lacks its evidence, a link or a file.")
        }
        OpenQuestion::NoReason => ("対象外とする理由がありません。", "It says \"not applicable\" without a reason."),
        OpenQuestion::MissingFact => {
            ("判定に必要な項目が回答にありません。", "The answer leaves out a fact that decides.")
        }
    };
    pick(language, ja, en)
}

/// What is wrong with a file that is to prove an answer.
fn broken(file: &str, defect: EvidenceDefect, language: Language) -> String {
    match (defect, language) {
        (EvidenceDefect::Missing, Language::Ja) => format!("根拠のファイル{file}が見つかりません。"),
        (EvidenceDefect::Missing, Language::En) => format!("The file that proves the answer is missing: {file}."),
        (EvidenceDefect::Unreadable, Language::Ja) => format!("根拠のファイル{file}を読めません。"),
        (EvidenceDefect::Unreadable, Language::En) => {
            format!("The file that proves the answer cannot be read: {file}.")
        }
        (EvidenceDefect::Changed, Language::Ja) => {
            format!("根拠のファイル{file}が回答のあとに変わりました (SHA-256が一致しません)。")
        }
        (EvidenceDefect::Changed, Language::En) => {
            format!("The file that proves the answer has changed since: the SHA-256 of {file} is another one.")
        }
    }
}

/// That a failure is back, since the waiver that accepted it has expired.
pub(super) fn expired(date: &str, language: Language) -> String {
    match language {
        Language::Ja => format!("適用除外は{date}で期限が切れています。"),
        Language::En => format!(" Its waiver expired on {date}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_and_what_could_not_be_read_is_told() {
        let unknown = || Value::unknown(Unknown::new(UnknownReason::Denied, ""));
        let list = |known: usize, open: bool| {
            Value::list((1..=known).map(|number| Value::Int(i64::try_from(number).unwrap())).chain(open.then(unknown)))
        };
        let both = |value: &Value| (show(value, Language::Ja), show(value, Language::En));
        let text = |ja: &str, en: &str| (ja.to_owned(), en.to_owned());
        assert_eq!(both(&list(0, false)), text("なし", "none"));
        assert_eq!(both(&list(0, true)), text("確認不能", "unknown"));
        assert_eq!(both(&list(2, true)), text("1, 2、ほかは確認不能", "1, 2, others unknown"));
        let ten = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10";
        assert_eq!(both(&list(10, false)), text(ten, ten));
        assert_eq!(both(&list(12, false)), (format!("{ten}、ほか2件"), format!("{ten}, 2 more")));
        assert_eq!(show(&list(12, true), Language::En), format!("{ten}, 2 more, others unknown"));
    }
}
