//! Amazon CloudWatch.

use super::{BOOL, DURATION, INT, STR, STRINGS, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A metric that an alarm watches.
pub static METRIC: RecordType = RecordType {
    name: "metric",
    fields: &[
        part("namespace", STR, "The namespace, such as AWS/RDS."),
        part("name", STR, "The metric's name."),
        part("dimensions", Type::Map, "The dimensions."),
    ],
};

/// An action of an alarm, with where it leads.
pub static ALARM_ACTION: RecordType = RecordType {
    name: "alarm action",
    fields: &[
        part("arn", STR, "What is called."),
        part("service", STR, "The service behind it: sns, lambda, autoscaling, ..."),
        part("region", STR, "The Region it is in."),
        part(
            "confirmed_subscriptions",
            INT,
            "For an SNS topic, how many confirmed subscriptions the scanned accounts have; null for what is no topic, unknown when the topic lies outside the scan.",
        ),
    ],
};

/// An alarm on the replication lag of a data store.
pub static LAG_ALARM: RecordType = RecordType {
    name: "lag alarm",
    fields: &[
        part("alarm", STR, "The alarm."),
        part("metric", STR, "The metric."),
        part(
            "counts_failures",
            BOOL,
            "Whether the metric counts what failed to replicate, instead of measuring a lag.",
        ),
        part(
            "threshold",
            DURATION,
            "The lag above which it goes off; null when it has no fixed limit or goes off below it.",
        ),
        part("notifies", BOOL, "Whether its actions are on and one of them reaches somebody."),
    ],
};

/// A metric alarm.
pub static ALARM: ResourceType = ResourceType {
    name: "AWS::CloudWatch::Alarm",
    title: ("CloudWatchアラーム", "CloudWatch alarm"),
    service: "cloudwatch",
    listed_by: Some(operation::DESCRIBE_ALARMS),
    listed_within: None,
    stateful: false,
    fields: &[
        api(
            "metrics",
            Type::List(&Type::Record(&METRIC)),
            operation::DESCRIBE_ALARMS,
            "The metrics it watches: several when it computes with them, none when it queries logs.",
        ),
        api("is_expression", BOOL, operation::DESCRIBE_ALARMS, "Whether it watches an expression over metrics."),
        api("threshold", Type::Double, operation::DESCRIBE_ALARMS, "The threshold; null for anomaly detection."),
        api(
            "comparison_operator",
            Type::Enum(&[
                "GreaterThanOrEqualToThreshold",
                "GreaterThanThreshold",
                "LessThanThreshold",
                "LessThanOrEqualToThreshold",
                "LessThanLowerOrGreaterThanUpperThreshold",
                "LessThanLowerThreshold",
                "GreaterThanUpperThreshold",
            ]),
            operation::DESCRIBE_ALARMS,
            "How the metric is compared with the threshold.",
        ),
        api("actions_enabled", BOOL, operation::DESCRIBE_ALARMS, "Whether its actions are on."),
        api("alarm_actions", STRINGS, operation::DESCRIBE_ALARMS, "What it calls when it goes off."),
        derived("actions", Type::List(&Type::Record(&ALARM_ACTION)), ACTIONS, "What it calls, with where that leads."),
        derived(
            "composites",
            STRINGS,
            &["AWS::CloudWatch::CompositeAlarm.alarm_rule"],
            "The composite alarms of its Region that take it in.",
        ),
        derived(
            "notifies",
            BOOL,
            NOTIFIES,
            "Whether it, or a composite alarm that takes it in, calls something that reaches somebody.",
        ),
    ],
};

/// A composite alarm.
pub static COMPOSITE_ALARM: ResourceType = ResourceType {
    name: "AWS::CloudWatch::CompositeAlarm",
    title: ("複合アラーム", "Composite alarm"),
    service: "cloudwatch",
    listed_by: Some(operation::DESCRIBE_ALARMS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("alarm_rule", STR, operation::DESCRIBE_ALARMS, "The expression over other alarms."),
        api("actions_enabled", BOOL, operation::DESCRIBE_ALARMS, "Whether its actions are on."),
        api("alarm_actions", STRINGS, operation::DESCRIBE_ALARMS, "What it calls when it goes off."),
        derived(
            "actions",
            Type::List(&Type::Record(&ALARM_ACTION)),
            &["AWS::CloudWatch::CompositeAlarm.alarm_actions", "AWS::SNS::Subscription.topic_arn"],
            "What it calls, with where that leads.",
        ),
        derived(
            "composites",
            STRINGS,
            &["AWS::CloudWatch::CompositeAlarm.alarm_rule"],
            "The composite alarms of its Region that take it in.",
        ),
        derived(
            "notifies",
            BOOL,
            NOTIFIES,
            "Whether it, or a composite alarm that takes it in, calls something that reaches somebody.",
        ),
    ],
};

const ACTIONS: &[&str] = &["AWS::CloudWatch::Alarm.alarm_actions", "AWS::SNS::Subscription.topic_arn"];

const NOTIFIES: &[&str] = &[
    "AWS::CloudWatch::Alarm.alarm_actions",
    "AWS::CloudWatch::CompositeAlarm.alarm_rule",
    "AWS::CloudWatch::CompositeAlarm.alarm_actions",
    "AWS::SNS::Subscription.topic_arn",
];
