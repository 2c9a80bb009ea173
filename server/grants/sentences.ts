/** Constraint of an allocation -> the sentence shown when the database refuses for it. */
export const allocationSentences: Record<string, string> = {
  allocation_horizon_week_is_monday: 'A week starts on a Monday. Give one.',
  allocation_horizon_money_not_negative: 'The money to divide is £0.00 or more.',
  allocation_horizon_append_only: 'A kept division of money is never changed. Make another.',
};
