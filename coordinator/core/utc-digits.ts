// A moment as the digits of its UTC date and time. Written out, because the core must not hold anything that could also
// tell the present time. The calendar is Howard Hinnant's "days from civil", turned round.

/** `20261121100000` for 2026-11-21 10:00:00 UTC. `time` is ms since 1970, not negative; fractions of a second are cut. */
export function utcDigits(time: number): string {
  const seconds = Math.floor(time / 1000);
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  // Counted from 0000-03-01, so that a leap day is the last day of its year.
  const day = days + 719_468;
  const era = Math.floor(day / 146_097);
  const dayOfEra = day - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const clock = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60), rest % 60];
  return [String(year).padStart(4, '0'), ...[month, dayOfMonth, ...clock].map(inTwoDigits)].join('');
}

function inTwoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
