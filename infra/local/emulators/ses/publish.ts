/** Where events go: a topic, and the endpoint of its SNS. */
export interface EventTopic {
  readonly endpoint: string;
  readonly arn: string;
}

/** Publishes a text to a topic by the Query protocol of SNS. */
export const publish = async ({ endpoint, arn }: EventTopic, message: string): Promise<void> => {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn: arn, Message: message }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`SNS did not take an event of SES: ${said}`);
};
