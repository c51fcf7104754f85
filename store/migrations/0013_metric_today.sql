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

-- +goose Down

INSERT INTO metric_day (kind, value, day, views, visitors, visits, bounces, seconds, events)
	SELECT kind, value, day, views, visitors, visits, bounces, seconds, events FROM metric_today WHERE true
	ON CONFLICT (kind, value, day) DO UPDATE SET views = metric_day.views + excluded.views, visitors = metric_day.visitors + excluded.visitors,
	visits = metric_day.visits + excluded.visits, bounces = metric_day.bounces + excluded.bounces,
	seconds = metric_day.seconds + excluded.seconds, events = metric_day.events + excluded.events;

DROP TABLE metric_today;
