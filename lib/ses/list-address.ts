/** The address of a list for a purpose, from its posting address: `ant-owner@example.com` from `ant@example.com`. */
export const purposeAddress = (posting: string, purpose: 'owner' | 'bounces'): string => {
  const at = posting.lastIndexOf('@');
  return `${posting.slice(0, at)}-${purpose}${posting.slice(at)}`;
};
