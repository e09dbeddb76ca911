const BROKER = /^[A-Za-z0-9._-]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/;

/** Whether a text is a list of brokers. */
export const areBrokers = (text: string): boolean => text.split(',').every((broker) => BROKER.test(broker));
