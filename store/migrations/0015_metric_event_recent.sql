-- +goose Up

-- Single events that came last, until they are moved to metric_event, hour by hour: metric_event_recent in store/metric_event.go. It has no
-- index beside, so that a view that comes changes one page of it.
CREATE TABLE metric_event_recent (
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

-- The index of events by post begins with the day: what is moved, and what is deleted after its time, lies side by side.
DROP INDEX metric_event_by_post;

CREATE INDEX metric_event_by_post ON metric_event (utc_day, post_id, visitor, at, name, referrer);

-- +goose Down

INSERT INTO metric_event (utc_day, id, visitor, at, post_id, name, path, referrer, device, browser, os, author_ids, tag_ids, properties)
	SELECT utc_day, id, visitor, at, post_id, name, path, referrer, device, browser, os, author_ids, tag_ids, properties FROM metric_event_recent;

DROP TABLE metric_event_recent;

DROP INDEX metric_event_by_post;

CREATE INDEX metric_event_by_post ON metric_event (post_id, utc_day, visitor, at, name, referrer);
