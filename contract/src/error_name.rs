//! Error names that cross a wire: the state machine matches on them, so they are written once.

/// `dynamodb:*` tasks: the condition did not hold. [facts: optimized integrations use the prefix `DynamoDB.`]
pub const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";
/// `aws-sdk:sfn:describeExecution`: no such execution, or older than its 90 days of history.
pub const EXECUTION_MISSING: &str = "Sfn.ExecutionDoesNotExistException";
/// The machine's own: another run holds the pipeline and `overlap fail` is set.
pub const OVERLAP: &str = "Sluice.Overlap";
/// Batch refused or lost the submission itself.
pub const BATCH_SUBMISSION: [&str; 3] =
    ["Batch.AWSBatchException", "Batch.ServerException", "Batch.SdkClientException"];
/// Lambda or its client stumbled, or is at its limit; calling again may help.
pub const FUNCTION_STUMBLES: [&str; 4] = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
];
/// The Batch job ended FAILED.
pub const TASK_FAILED: &str = "States.TaskFailed";
/// Step Functions or its client stumbled; asking again may help.
pub const EXECUTION_STORE_STUMBLES: [&str; 2] = ["Sfn.SfnException", "Sfn.SdkClientException"];
/// DynamoDB or its client stumbled; asking again may help.
pub const ITEM_STORE_STUMBLES: [&str; 4] = [
    "DynamoDB.AmazonDynamoDBException",
    "DynamoDB.InternalServerErrorException",
    "DynamoDB.ProvisionedThroughputExceededException",
    "DynamoDB.SdkClientException",
];
