-- +goose Up

-- Figures of quarters stand in the order of time: what is counted now is counted side by side, on the few pages of this quarter, and not
-- on a page of its own for each value and on another of an index.
CREATE TABLE metric_quarter_anew (
	quarter INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	value INTEGER NOT NULL,
	views INTEGER NOT NULL,
	visitors INTEGER NOT NULL,
	visits INTEGER NOT NULL,
	bounces INTEGER NOT NULL,
	seconds INTEGER NOT NULL,
	events INTEGER NOT NULL,
	PRIMARY KEY (quarter, kind, value)
) STRICT, WITHOUT ROWID;

INSERT INTO metric_quarter_anew SELECT quarter, kind, value, views, visitors, visits, bounces, seconds, events
	FROM metric_quarter ORDER BY quarter, kind, value;

DROP TABLE metric_quarter;

ALTER TABLE metric_quarter_anew RENAME TO metric_quarter;

-- What was counted last, until it is enough to be added to the figures of quarters and days and to running sums: rows in
-- store/metric_recent.go, of which the last grows until it is a page. Sums are made anew when the program opens the database: what an older
-- one left to be added to them stood in the figures of days already.
DROP TABLE metric_change;

CREATE TABLE metric_recent (
	id INTEGER PRIMARY KEY,
	counted BLOB NOT NULL
) STRICT;

DELETE FROM metric_sum;

-- +goose Down

DROP TABLE metric_recent;

CREATE TABLE metric_change (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	changes BLOB NOT NULL
) STRICT;

INSERT INTO metric_change VALUES (1, x'');

CREATE TABLE metric_quarter_anew (
	kind INTEGER NOT NULL,
	value INTEGER NOT NULL,
	quarter INTEGER NOT NULL,
	views INTEGER NOT NULL,
	visitors INTEGER NOT NULL,
	visits INTEGER NOT NULL,
	bounces INTEGER NOT NULL,
	seconds INTEGER NOT NULL,
	events INTEGER NOT NULL,
	PRIMARY KEY (kind, value, quarter)
) STRICT, WITHOUT ROWID;

INSERT INTO metric_quarter_anew SELECT kind, value, quarter, views, visitors, visits, bounces, seconds, events
	FROM metric_quarter ORDER BY kind, value, quarter;

DROP TABLE metric_quarter;

ALTER TABLE metric_quarter_anew RENAME TO metric_quarter;

CREATE INDEX metric_quarter_by_time ON metric_quarter (kind, quarter);
