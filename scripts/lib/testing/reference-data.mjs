/** The note with which a test is skipped that needs reference data: the only skip a test run permits. */
export const NEEDS_REFERENCE_DATA = 'needs reference data';
