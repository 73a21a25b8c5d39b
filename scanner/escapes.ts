/** What stands behind the backslash of an escape, beside what stands for itself there. */
export const letterB: u8 = 0x62;
export const letterF: u8 = 0x66;
export const letterN: u8 = 0x6e;
export const letterR: u8 = 0x72;
export const letterT: u8 = 0x74;
export const letterU: u8 = 0x75;
