const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text can be the id of a decision: of any other there is none. */
export const isDecisionId = (text: string): boolean => UUID.test(text);
