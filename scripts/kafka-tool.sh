#!/bin/sh
# Runs a command-line tool of Kafka by its class, without an unpacked Kafka. Usage: scripts/kafka-tool.sh CLASS [argument …]
exec node "$(dirname "$0")/kafka-tool.mjs" "$@"
