/** What a Redis Cluster, or sentinels, know a node by: 40 hexadecimal digits. @param {number} node */
export const nodeId = (node) => String(node).padStart(40, 'f');
