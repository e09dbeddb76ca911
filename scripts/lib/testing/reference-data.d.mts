export const NEEDS_REFERENCE_DATA: 'needs reference data';
