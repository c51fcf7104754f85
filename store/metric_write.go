package store

import (
	"context"
	"strings"

	"headwater/logic"
	"headwater/logic/metric"
)

const salts = `/* Salts */ SELECT utc_day, salt, made_at FROM metric_salt WHERE utc_day = ? AND length(salt) > 0`

func (w *writer) readSalts(ctx context.Context, days []logic.Day) (map[logic.Day]metric.Salt, error) {
	asked := make([]any, len(days))
	for i, day := range days {
		asked[i] = day
	}
	rows, err := selectRows[struct {
		UTCDay logic.Day
		Salt   []byte
		MadeAt logic.Moment
	}](ctx, w.reader, salts, asked...)
	found := make(map[logic.Day]metric.Salt, len(rows))
	for _, row := range rows {
		found[row.UTCDay] = metric.Salt{Bytes: row.Salt, MadeAt: row.MadeAt}
	}
	return found, err
}

const setSalts = `/* SetSalts */ INSERT INTO metric_salt (utc_day, salt, made_at) VALUES (?, ?, ?)
	ON CONFLICT (utc_day) DO UPDATE SET salt = excluded.salt, made_at = excluded.made_at`

// SetSalts implements metric.Writer.
func (w *writer) SetSalts(ctx context.Context, salts map[logic.Day]metric.Salt) error {
	var rows []any
	for day, salt := range salts {
		rows = append(rows, day, salt.Bytes, salt.MadeAt)
	}
	learn(w.memory.salts, salts)
	return w.execEach(ctx, setSalts, rows)
}

const (
	placesFrom = ` FROM json_each(?) AS wanted CROSS JOIN metric_value CROSS JOIN metric_place
		WHERE metric_value.kind = wanted.value ->> 1 AND metric_value.text = wanted.value ->> 2
		AND metric_place.kind = metric_value.kind AND metric_place.value = metric_value.id AND metric_place.utc_day = wanted.value ->> 0`
	places      = `/* Places */ SELECT wanted.key AS number, metric_value.id` + placesFrom
	countPlaces = `/* CountPlaces */ SELECT wanted.key AS number, (SELECT COUNT(*) FROM metric_place
		WHERE kind = wanted.value ->> 1 AND utc_day = wanted.value ->> 0 AND value > 1) AS places FROM json_each(?) AS wanted`
	insertValues = `/* InsertPlaces: values */ INSERT INTO metric_value (kind, text)
		SELECT value ->> 1, value ->> 2 FROM json_each(?) WHERE true ON CONFLICT (kind, text) DO NOTHING`
	insertPlaces = `/* InsertPlaces */ INSERT INTO metric_place (kind, value, utc_day, late)
		SELECT metric_value.kind, metric_value.id, wanted.value ->> 0, EXISTS (SELECT 1 FROM metric_place AS other
			WHERE other.kind = metric_value.kind AND other.value = 1 AND other.utc_day = wanted.value ->> 0) FROM json_each(?) AS wanted CROSS JOIN metric_value
		WHERE metric_value.kind = wanted.value ->> 1 AND metric_value.text = wanted.value ->> 2
		ON CONFLICT (kind, value, utc_day) DO NOTHING`
	insertOtherPlaces = `/* InsertPlaces: other */ INSERT INTO metric_place (kind, value, utc_day, late)
		SELECT value ->> 1, 1, value ->> 0, 0 FROM json_each(?) WHERE true ON CONFLICT (kind, value, utc_day) DO NOTHING`
)

func dayValueRows(values []metric.DayValue) string {
	rows := make([][]any, len(values))
	for i, value := range values {
		rows[i] = []any{value.Day, value.Kind, value.Text}
	}
	return jsonRows(rows)
}

func (w *writer) readPlaces(ctx context.Context, values []metric.DayValue) (map[metric.DayValue]metric.ValueID, error) {
	rows, err := selectRows[struct {
		Number int
		ID     metric.ValueID
	}](ctx, w.reader, places, dayValueRows(values))
	ids := make(map[metric.DayValue]metric.ValueID, len(rows))
	for _, row := range rows {
		value := values[row.Number]
		value.Text = strings.Clone(value.Text) // which may be a small part of an address: it is remembered
		ids[value] = row.ID
	}
	return ids, err
}

func (w *writer) countPlaces(ctx context.Context, kinds []metric.DayKind) (map[metric.DayKind]int, error) {
	rows, err := selectRows[struct{ Number, Places int }](ctx, w.reader, countPlaces, dayKindRows(kinds))
	counts := make(map[metric.DayKind]int, len(rows))
	for _, row := range rows {
		counts[kinds[row.Number]] = row.Places
	}
	return counts, err
}

func dayKindRows(kinds []metric.DayKind) string {
	rows := make([][]any, len(kinds))
	for i, kind := range kinds {
		rows[i] = []any{kind.Day, kind.Kind}
	}
	return jsonRows(rows)
}

// InsertPlaces implements metric.Writer.
func (w *writer) InsertPlaces(ctx context.Context, values []metric.DayValue, full []metric.DayKind) (map[metric.DayValue]metric.ValueID, error) {
	var ids map[metric.DayValue]metric.ValueID
	if len(values) > 0 {
		rows := dayValueRows(values)
		if _, err := w.exec(ctx, insertValues, rows); err != nil {
			return nil, err
		}
		inserted, err := w.exec(ctx, insertPlaces, rows)
		if err != nil {
			return nil, err
		}
		w.memory.fill(values, inserted)
		if ids, err = w.Places(ctx, values); err != nil {
			return nil, err
		}
	}
	if len(full) == 0 {
		return ids, nil
	}
	_, err := w.exec(ctx, insertOtherPlaces, dayKindRows(full)) // last: none of values had to do without
	return ids, err
}

const (
	visitorDays    = `/* VisitorDays */ SELECT utc_day, visitor, code FROM metric_visitor WHERE utc_day = ? AND visitor = ?`
	setVisitorDays = `/* SetVisitorDays */ INSERT INTO metric_visitor (utc_day, visitor, code) VALUES (?, ?, ?)
		ON CONFLICT (utc_day, visitor) DO UPDATE SET code = excluded.code`
)

// VisitorDays implements metric.Writer.
func (w *writer) VisitorDays(ctx context.Context, visitors []metric.DayVisitor) (map[metric.DayVisitor][]byte, error) {
	asked := make([]any, 0, 2*len(visitors))
	for _, visitor := range visitors {
		asked = append(asked, visitor.Day, visitor.Visitor[:])
	}
	codes := make(map[metric.DayVisitor][]byte, len(visitors))
	err := w.rows(ctx, visitorDays, asked, func(row *row) error {
		visitor := metric.DayVisitor{Day: logic.Day(row.int())}
		copy(visitor.Visitor[:], row.bytes())
		codes[visitor] = row.bytes()
		return row.err
	})
	return codes, err
}

// SetVisitorDays implements metric.Writer.
func (w *writer) SetVisitorDays(ctx context.Context, codes map[metric.DayVisitor][]byte) error {
	rows := make([]any, 0, 3*len(codes))
	for visitor, code := range codes {
		rows = append(rows, visitor.Day, visitor.Visitor[:], code)
	}
	return w.execEach(ctx, setVisitorDays, rows)
}

const (
	figureRows        = ` VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	addQuarterFigures = `/* AddFigures: quarters */ INSERT INTO metric_quarter
		(kind, value, quarter, views, visitors, visits, bounces, seconds, events)` + figureRows + ` ON CONFLICT (quarter, kind, value) DO UPDATE SET
		views = metric_quarter.views + excluded.views, visitors = metric_quarter.visitors + excluded.visitors,
		visits = metric_quarter.visits + excluded.visits, bounces = metric_quarter.bounces + excluded.bounces,
		seconds = metric_quarter.seconds + excluded.seconds, events = metric_quarter.events + excluded.events`
	addTodayFigures = `/* AddFigures: today */ INSERT INTO metric_today (` + dayColumns + `)` + figureRows + ` ON CONFLICT (kind, value, day) DO UPDATE SET
		views = metric_today.views + excluded.views, visitors = metric_today.visitors + excluded.visitors,
		visits = metric_today.visits + excluded.visits, bounces = metric_today.bounces + excluded.bounces,
		seconds = metric_today.seconds + excluded.seconds, events = metric_today.events + excluded.events`
	addDayFigures = `/* AddFigures: days */ INSERT INTO metric_day (` + dayColumns + `)` + figureRows + addToDay
	addToDay      = ` ON CONFLICT (kind, value, day) DO UPDATE SET
		views = metric_day.views + excluded.views, visitors = metric_day.visitors + excluded.visitors,
		visits = metric_day.visits + excluded.visits, bounces = metric_day.bounces + excluded.bounces,
		seconds = metric_day.seconds + excluded.seconds, events = metric_day.events + excluded.events`
)

// addFigures adds figures by quarters or by days.
func (w *writer) addFigures(ctx context.Context, query string, figures []metric.Figure) error {
	rows := make([]any, 0, 9*len(figures))
	for _, f := range figures {
		rows = append(rows, int64(f.Facet.Kind), f.Facet.Value, f.Time, f.Views, f.Visitors, f.Visits, f.Bounces, f.Seconds, f.Events)
	}
	return w.execEach(ctx, query, rows)
}

const addPostViews = `/* AddPostViews */ INSERT INTO metric_post (post_id, title, views) VALUES (?, ?, ?)
	ON CONFLICT (post_id) DO UPDATE SET title = excluded.title, views = metric_post.views + excluded.views`

// AddPostViews implements metric.Writer.
func (w *writer) AddPostViews(ctx context.Context, views []metric.PostRow) error {
	rows := make([]any, 0, 3*len(views))
	for _, view := range views {
		rows = append(rows, view.PostID, view.Title, view.Views)
	}
	return w.execEach(ctx, addPostViews, rows)
}

const addRobotEvents = `/* AddRobotEvents */ INSERT INTO metric_robot (day, events) VALUES (?, ?)
	ON CONFLICT (day) DO UPDATE SET events = metric_robot.events + excluded.events`

// AddRobotEvents implements metric.Writer.
func (w *writer) AddRobotEvents(ctx context.Context, events map[logic.Day]int64) error {
	var rows []any
	for day, count := range events {
		rows = append(rows, day, count)
	}
	return w.execEach(ctx, addRobotEvents, rows)
}

const setImportMark = `/* SetImportMark */ INSERT INTO metric_import (log, bytes, lines, digest) VALUES (?, ?, ?, ?)
	ON CONFLICT (log) DO UPDATE SET bytes = excluded.bytes, lines = excluded.lines, digest = excluded.digest`

// SetImportMark implements metric.Writer.
func (w *writer) SetImportMark(ctx context.Context, mark metric.ImportMark) error {
	_, err := w.exec(ctx, setImportMark, mark.Log, mark.Offset, mark.Lines, mark.Digest)
	return err
}
