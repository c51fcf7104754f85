-- +goose Up

-- What readers did. A facet is a kind (metric.FacetKind) and a value: a key, or a text's id in metric_value. A utc_day is
-- days since 1970-01-01 in UTC, a day the same in the site's time zone, a quarter quarters of an hour since then in UTC.

-- How far back is kept what was counted: from these UTC days on.
CREATE TABLE metric_horizon (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	raw INTEGER NOT NULL,
	quarters INTEGER NOT NULL
) STRICT;

INSERT INTO metric_horizon VALUES (1, 0, 0);

-- Texts that events are counted under.
CREATE TABLE metric_value (
	id INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,
	text TEXT NOT NULL,
	UNIQUE (kind, text)
) STRICT;

INSERT INTO metric_value VALUES (0, 0, ''), (1, 0, '(other)');

-- Which texts have a place on a UTC day. On a day on which others had to do without, '(other)' has one too.
CREATE TABLE metric_place (
	kind INTEGER NOT NULL,
	value INTEGER NOT NULL,
	utc_day INTEGER NOT NULL,
	late INTEGER NOT NULL, -- 1 where '(other)' was there before, so that the text may have been among them
	PRIMARY KEY (kind, value, utc_day)
) STRICT, WITHOUT ROWID;

CREATE INDEX metric_place_by_day ON metric_place (kind, utc_day);

CREATE TABLE metric_quarter (
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

-- Without the figures, so that counting once more does not touch it.
CREATE INDEX metric_quarter_by_time ON metric_quarter (kind, quarter);

CREATE TABLE metric_day (
	kind INTEGER NOT NULL,
	value INTEGER NOT NULL,
	day INTEGER NOT NULL,
	views INTEGER NOT NULL,
	visitors INTEGER NOT NULL,
	visits INTEGER NOT NULL,
	bounces INTEGER NOT NULL,
	seconds INTEGER NOT NULL,
	events INTEGER NOT NULL,
	PRIMARY KEY (kind, value, day)
) STRICT, WITHOUT ROWID;

-- With the figures of a list of values, so that a year of one is read from this index alone.
CREATE INDEX metric_day_by_time ON metric_day (kind, day, value, views, visitors, events);

-- Views of all time, and the title that the post had when it was last viewed.
CREATE TABLE metric_post (
	post_id INTEGER PRIMARY KEY,
	title TEXT NOT NULL,
	views INTEGER NOT NULL
) STRICT;

CREATE TABLE metric_robot (
	day INTEGER PRIMARY KEY,
	events INTEGER NOT NULL
) STRICT;

-- What the addresses of a UTC day's visitors are hashed with, for 8 days.
CREATE TABLE metric_salt (
	utc_day INTEGER PRIMARY KEY,
	salt BLOB NOT NULL,
	made_at INTEGER NOT NULL
) STRICT;

CREATE INDEX metric_salt_by_made_at ON metric_salt (made_at);

-- What visitors did on a UTC day (metric.VisitorDay), and what strangers took (metric.stranger), as long as there is a salt.
CREATE TABLE metric_visitor (
	utc_day INTEGER NOT NULL,
	visitor BLOB NOT NULL,
	code BLOB NOT NULL,
	PRIMARY KEY (utc_day, visitor)
) STRICT, WITHOUT ROWID;

-- Single events, for a time.
CREATE TABLE metric_event (
	utc_day INTEGER NOT NULL,
	visitor BLOB NOT NULL,
	at INTEGER NOT NULL,
	id INTEGER NOT NULL,
	post_id INTEGER NOT NULL, -- 0 for none
	name TEXT NOT NULL, -- empty for a page view
	path TEXT NOT NULL,
	referrer TEXT NOT NULL,
	device TEXT NOT NULL,
	browser TEXT NOT NULL,
	os TEXT NOT NULL,
	author_ids TEXT NOT NULL, -- JSON arrays of keys
	tag_ids TEXT NOT NULL,
	properties TEXT NOT NULL, -- a JSON array of objects
	PRIMARY KEY (utc_day, visitor, at, id)
) STRICT, WITHOUT ROWID;

-- With the referrer, so that where a post's readers came from is read from this index alone.
CREATE INDEX metric_event_by_post ON metric_event (post_id, utc_day, visitor, at, name, referrer);

-- IDs that clients chose for their events, with the UTC day on which they came.
CREATE TABLE metric_event_id (
	id TEXT PRIMARY KEY,
	utc_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX metric_event_id_by_day ON metric_event_id (utc_day);

-- How far each log was taken.
CREATE TABLE metric_import (
	log TEXT PRIMARY KEY,
	bytes INTEGER NOT NULL,
	lines INTEGER NOT NULL,
	digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down

DROP TABLE metric_import;
DROP TABLE metric_event_id;
DROP TABLE metric_event;
DROP TABLE metric_visitor;
DROP TABLE metric_salt;
DROP TABLE metric_robot;
DROP TABLE metric_post;
DROP TABLE metric_day;
DROP TABLE metric_quarter;
DROP TABLE metric_place;
DROP TABLE metric_value;
DROP TABLE metric_horizon;
