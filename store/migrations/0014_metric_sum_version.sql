-- +goose Up

-- Each running sum has a version, which stands in front of its figures: whoever reads it does not read those. Nor does whoever looks for
-- one any more: in a table without row IDs SQLite reads the whole row, tens of kilobytes, for each key that it compares.
CREATE TABLE metric_sum_anew (
	kind INTEGER NOT NULL,
	day INTEGER NOT NULL,
	version INTEGER NOT NULL, -- another one whenever the figures are written: a random number
	figures BLOB NOT NULL,
	PRIMARY KEY (kind, day)
) STRICT;

INSERT INTO metric_sum_anew SELECT kind, day, random(), figures FROM metric_sum;

DROP TABLE metric_sum;

ALTER TABLE metric_sum_anew RENAME TO metric_sum;

-- +goose Down

CREATE TABLE metric_sum_anew (
	kind INTEGER NOT NULL,
	day INTEGER NOT NULL,
	figures BLOB NOT NULL,
	PRIMARY KEY (kind, day)
) STRICT, WITHOUT ROWID;

INSERT INTO metric_sum_anew SELECT kind, day, figures FROM metric_sum;

DROP TABLE metric_sum;

ALTER TABLE metric_sum_anew RENAME TO metric_sum;
