//! The sentences of findings, in both languages.

use crate::judge::{Judgement, OpenQuestion};
use crate::model::{AnswerStatus, Language, Status, Unknown, UnknownReason, Value};
use crate::rules::Rule;

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
        Value::List(items) => items.iter().map(|item| show(item, language)).collect::<Vec<_>>().join(", "),
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

/// Why a verdict came out as it did. `evidence` are the rule's named values.
pub(super) fn reason(rule: &Rule, judgement: &Judgement, evidence: &[(String, Value)], language: Language) -> String {
    let said =
        |text: &Option<crate::model::Text>| text.as_ref().map(|text| fill(text.get(language), evidence, language));
    match judgement.status {
        Status::Pass => said(&rule.says.pass).unwrap_or_else(|| match rule.question {
            Some(_) => pick(language, "回答は有効です。", "The answer is fresh."),
            None => pick(language, "条件を満たしています。", "The condition holds."),
        }),
        Status::Fail | Status::Waived => said(&rule.says.fail).unwrap_or_else(|| {
            let clauses = clauses(judgement, language);
            match language {
                Language::Ja => format!("条件を満たしていません: {clauses}"),
                Language::En => format!("The condition does not hold: {clauses}"),
            }
        }),
        Status::NotApplicable => match (&judgement.open, judgement.decisions.is_empty()) {
            (None, true) => pick(language, "対象外と回答されています。", "The answer says that it does not apply."),
            _ => said(&rule.says.not_applicable).unwrap_or_else(|| {
                let clauses = clauses(judgement, language);
                match language {
                    Language::Ja => format!("このルールの対象ではありません: {clauses}"),
                    Language::En => format!("The rule does not apply: {clauses}"),
                }
            }),
        },
        Status::Unknown => judgement.unknown.as_deref().map_or_else(String::new, |why| unknown(why, language)),
        Status::Manual => judgement.open.map_or_else(String::new, |why| open(why, language)),
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

fn open(why: OpenQuestion, language: Language) -> String {
    let (ja, en) = match why {
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
