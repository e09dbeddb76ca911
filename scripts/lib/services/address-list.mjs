/** The nodes as clients name them: host:port, comma-separated. @param {readonly import('./registry.mjs').Listening[]} nodes */
export const addressList = (nodes) => nodes.map(({ ports: [port] }) => `127.0.0.1:${port}`).join(',');
