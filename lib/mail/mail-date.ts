/** A moment as RFC 5322, section 3.3, writes it; its zone is a number, since `GMT` is obsolete (section 4.3). */
export const mailDate = (moment: Date): string => moment.toUTCString().replace('GMT', '+0000');
