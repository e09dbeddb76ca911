#!/bin/sh
# Kafka's own tool of that name, with all its options:
#   scripts/kafka-consumer-groups.sh --bootstrap-server localhost:9092 --group fraud-detector --describe
exec "$(dirname "$0")/kafka-tool.sh" org.apache.kafka.tools.consumer.group.ConsumerGroupCommand "$@"
