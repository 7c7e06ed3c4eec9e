/** The region and the account that the local stack pretends to be in; fauxqs knows this account only. */
export const region = 'us-east-1';
export const account = '000000000000';
