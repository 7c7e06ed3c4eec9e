import { DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

interface Waiting {
  readonly receiptHandle: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** The most entries of one batch request to SQS. */
export const batchLimit = 10;

/**
 * Deletes messages. What is to be deleted while a request runs goes together into the next one, so that a busy queue needs a
 * tenth of the requests and a quiet one does not wait.
 */
export class Acknowledgement {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  #waiting: Waiting[] = [];
  #flushing = false;

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  /** Deletes one message; when it returns, the queue has forgotten it. */
  delete(receiptHandle: string): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ receiptHandle, done, failed });
      if (!this.#flushing) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#flushing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchLimit);
      try {
        const entries = batch.map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
        }));
        const reply = await this.#sqs.send(
          new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries: entries }),
        );
        const refused = new Map((reply.Failed ?? []).map((failure) => [failure.Id, failure.Message]));
        for (const [index, { done, failed }] of batch.entries()) {
          const id = String(index);
          if (refused.has(id)) failed(new Error(`SQS did not delete a message: ${refused.get(id)}`));
          else done();
        }
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.#flushing = false;
  }
}
