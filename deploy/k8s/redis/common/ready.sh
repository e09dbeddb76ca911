#!/bin/sh
# Ready: it has read what is on disk, and where it is a replica, it has its primary's data. PORT = its own.
set -eu
redis-cli -p "$PORT" info persistence | grep -q '^loading:0'
redis-cli -p "$PORT" info replication | grep -q '^role:master\|^master_link_status:up'
