/** How `to_char` writes a moment, in UTC, as all texts here have it. */
export const RFC3339 = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
