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

-- What waits is added to the figures of days and quarters; running sums are made anew by the older program as it opens the database.
INSERT INTO metric_day (kind, value, day, views, visitors, visits, bounces, seconds, events)
	SELECT value ->> 2, value ->> 3, value ->> 1, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
	FROM metric_recent CROSS JOIN json_each(recent_json(counted)) WHERE true
	ON CONFLICT (kind, value, day) DO UPDATE SET views = metric_day.views + excluded.views, visitors = metric_day.visitors + excluded.visitors,
	visits = metric_day.visits + excluded.visits, bounces = metric_day.bounces + excluded.bounces,
	seconds = metric_day.seconds + excluded.seconds, events = metric_day.events + excluded.events;

INSERT INTO metric_quarter (quarter, kind, value, views, visitors, visits, bounces, seconds, events)
	SELECT value ->> 0, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
	FROM metric_recent CROSS JOIN json_each(recent_json(counted)) WHERE value ->> 0 IS NOT NULL
	ON CONFLICT (quarter, kind, value) DO UPDATE SET views = metric_quarter.views + excluded.views, visitors = metric_quarter.visitors + excluded.visitors,
	visits = metric_quarter.visits + excluded.visits, bounces = metric_quarter.bounces + excluded.bounces,
	seconds = metric_quarter.seconds + excluded.seconds, events = metric_quarter.events + excluded.events;

DELETE FROM metric_sum;

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
