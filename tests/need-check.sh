#!/usr/bin/env bash
# Stands in for the unit tests where their library is missing: that is a
# failure, never a silence.
echo 1..1
echo "not ok 1 - the unit tests need Check: run ./bootstrap and configure anew"
