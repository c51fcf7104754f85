-- +goose Up

-- The numbers by which running sums know posts.
CREATE TABLE metric_number (
	number INTEGER PRIMARY KEY,
	post_id INTEGER NOT NULL UNIQUE
) STRICT;

-- What was counted under each value of a kind that lists are made of, from the first day of a block of 32 to a day: sums in store/metric_sum.go.
-- There is one for each day on which anything was counted under the kind. What stands in metric_change is not among it yet.
CREATE TABLE metric_sum (
	kind INTEGER NOT NULL,
	day INTEGER NOT NULL,
	figures BLOB NOT NULL,
	PRIMARY KEY (kind, day)
) STRICT, WITHOUT ROWID;

-- What was counted last, until it is enough to be added to running sums: changes in store/metric_change.go.
CREATE TABLE metric_change (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	changes BLOB NOT NULL
) STRICT;

INSERT INTO metric_change VALUES (1, x'');

-- Lists were read from it.
DROP INDEX metric_day_by_time;

-- +goose Down

CREATE INDEX metric_day_by_time ON metric_day (kind, day, value, views, visitors, events);

DROP TABLE metric_change;
DROP TABLE metric_sum;
DROP TABLE metric_number;
