export function nodeFlagsOf(app: 'api' | 'consumer' | 'cli'): readonly string[];
