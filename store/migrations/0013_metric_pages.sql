-- +goose Up

-- Figures of days that were counted last, beside those of metric_day, until the day is over: metric_today in store/metric_today.go. It has
-- what is of today alone, so that it is small, and what is counted together lies on few pages.
CREATE TABLE metric_today (
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

-- Single events stand in the order in which they came, so that those that come together lie on one page.
CREATE TABLE metric_event_anew (
	utc_day INTEGER NOT NULL,
	id INTEGER NOT NULL,
	visitor BLOB NOT NULL,
	at INTEGER NOT NULL,
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
	PRIMARY KEY (utc_day, id)
) STRICT, WITHOUT ROWID;

INSERT INTO metric_event_anew SELECT utc_day, id, visitor, at, post_id, name, path, referrer, device, browser, os, author_ids, tag_ids, properties
	FROM metric_event ORDER BY utc_day, id;

DROP TABLE metric_event;

ALTER TABLE metric_event_anew RENAME TO metric_event;

-- With the referrer, so that where a post's readers came from is read from this index alone.
CREATE INDEX metric_event_by_post ON metric_event (post_id, utc_day, visitor, at, name, referrer);

-- +goose Down

CREATE TABLE metric_event_anew (
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

INSERT INTO metric_event_anew SELECT utc_day, visitor, at, id, post_id, name, path, referrer, device, browser, os, author_ids, tag_ids, properties
	FROM metric_event ORDER BY utc_day, visitor, at, id;

DROP TABLE metric_event;

ALTER TABLE metric_event_anew RENAME TO metric_event;

CREATE INDEX metric_event_by_post ON metric_event (post_id, utc_day, visitor, at, name, referrer);

INSERT INTO metric_day (kind, value, day, views, visitors, visits, bounces, seconds, events)
	SELECT kind, value, day, views, visitors, visits, bounces, seconds, events FROM metric_today WHERE true
	ON CONFLICT (kind, value, day) DO UPDATE SET views = metric_day.views + excluded.views, visitors = metric_day.visitors + excluded.visitors,
	visits = metric_day.visits + excluded.visits, bounces = metric_day.bounces + excluded.bounces,
	seconds = metric_day.seconds + excluded.seconds, events = metric_day.events + excluded.events;

DROP TABLE metric_today;
