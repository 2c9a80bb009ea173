/** Constraint of deliveries -> the sentence shown when the database refuses for it. */
export const deliverySentences: Record<string, string> = {
  delivery_alert_acknowledged_once: 'This alert was acknowledged already.',
  delivery_alert_acknowledged_with_reason: 'Say what is done about it.',
  delivery_alert_ended_once: 'This alert ended already.',
  delivery_alert_stays: 'What raised an alert is never changed.',
  delivery_alert_append_only: 'Alerts are never removed.',
  hotspot_priority_1_to_3: 'A hotspot has three priorities at most: 1, 2 and 3.',
  hotspot_priority_says_something: 'Enter what is to be done.',
  hotspot_priority_dates_in_order: 'A priority’s last day must not be before its first.',
  hotspot_priority_one_a_place_a_day: 'Another text stands at this place on some of these days. Give later days, or change that one first.',
  hotspot_priority_append_only: 'Priorities are never removed all at once.',
};
