/** What the demonstration's sources say of themselves, beside every figure and picture made from them. */
export const invented = { publisher: 'Demonstration data', licence: 'Invented; no licence needed', attribution: 'Demonstration data: invented, describes no real place' } as const;
