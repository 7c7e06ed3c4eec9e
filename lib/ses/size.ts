/**
 * The most bytes of a mail. The documentation counts "10 MB after base64 encoding", meaning attachments; what the API counts are the bytes of the
 * message: "Message length is more than 10485760 bytes long: '12078147'" (https://github.com/aws/aws-sdk-go-v2/issues/1774), a number that no base64 has.
 */
export const largestSesMail = 10 * 1024 * 1024;

/** What Belfry may add to a mail on its way: list headers, a footer, lines that are encoded anew. */
const growth = 256 * 1024;

/** The most bytes of a mail that is accepted for a list that delivers through Amazon SES. */
export const largestPost: number = largestSesMail - growth;
