package store

import (
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/metric"
)

// Every statement of metrics must reach its rows by an index: no plan reads a whole table but those named here.
func TestMetricStatementsUseIndexes(t *testing.T) {
	s := openTest(t)
	number, text := int64(7), "text"
	raw := func(query metric.RawQuery) string {
		query.FromDay, query.ToDay = 1, 2
		statement, _ := rawEvents(query)
		return statement
	}
	tests := map[string]struct {
		query string
		want  []string // parts of the plan
	}{
		"MetricSite": {metricSite, []string{"SEARCH metric_day USING PRIMARY KEY (kind=? AND value=?)"}},
		"DaysCounted": {daysCounted, []string{
			"SEARCH metric_day USING PRIMARY KEY (kind=? AND value=?)", "SCAN metric_robot", // of which the first row is enough
		}},
		"ViewablePosts by id":   {viewablePostsByID, []string{"SEARCH post USING INTEGER PRIMARY KEY"}},
		"ViewablePosts by slug": {viewablePostsBySlug, []string{"SEARCH post USING INDEX sqlite_autoindex_post_1 (slug=?)"}},
		"FacetValue of an author": {
			facetValueOfAuthor, []string{"SEARCH account USING COVERING INDEX sqlite_autoindex_account_1 (username=?)"},
		},
		"FacetValue of a tag": {facetValueOfTag, []string{"SEARCH tag_slug USING PRIMARY KEY (slug=?)"}},
		"FacetValue of a text": {
			facetValueOfText, []string{"SEARCH metric_value USING COVERING INDEX sqlite_autoindex_metric_value_1 (kind=? AND text=?)"},
		},
		"WasOther": {wasOther, []string{
			"SEARCH other USING PRIMARY KEY (kind=? AND value=? AND utc_day>? AND utc_day<?)",
			"SEARCH metric_place USING PRIMARY KEY (kind=? AND value=? AND utc_day=?)",
		}},
		"FacetTotals of one by day":      {dayOneTotals, []string{"SEARCH metric_day USING PRIMARY KEY (kind=? AND value=? AND day>? AND day<?)", "SEARCH metric_today USING PRIMARY KEY (kind=? AND value=? AND day>? AND day<?)"}},
		"FacetTotals of one by quarter":  {quarterOneTotals, []string{"SEARCH metric_quarter USING PRIMARY KEY (quarter=? AND kind=? AND value=?)"}},
		"FacetFigures of one by day":     {dayOneFigures, []string{"SEARCH metric_day USING PRIMARY KEY (kind=? AND value=? AND day>? AND day<?)", "SEARCH metric_today USING PRIMARY KEY (kind=? AND value=? AND day>? AND day<?)"}},
		"FacetFigures of one by quarter": {quarterOneFigures, []string{"SEARCH metric_quarter USING PRIMARY KEY (quarter=? AND kind=? AND value=?)"}},
		"FacetTotals by day":             {dayFacetTotals, []string{"SEARCH metric_day USING PRIMARY KEY (kind=? AND value=? AND day>? AND day<?)", "SEARCH metric_today USING PRIMARY KEY (kind=? AND value=? AND day>? AND day<?)"}},
		"FacetTotals by quarter":         {quarterFacetTotals, []string{"SEARCH metric_quarter USING PRIMARY KEY (quarter=? AND kind=? AND value=?)"}},
		"FacetFigures by day":            {dayFacetFigures, []string{"SEARCH metric_day USING PRIMARY KEY (kind=? AND value=? AND day>? AND day<?)", "SEARCH metric_today USING PRIMARY KEY (kind=? AND value=? AND day>? AND day<?)"}},
		"FacetFigures by quarter": {
			quarterFacetFigures, []string{"SEARCH metric_quarter USING PRIMARY KEY (quarter=? AND kind=? AND value=?)"},
		},
		"versionsOfDays": {versionsOfDays, []string{
			"SEARCH metric_sum USING INDEX sqlite_autoindex_metric_sum_1 (kind=? AND day=?)", "SEARCH latest USING COVERING INDEX sqlite_autoindex_metric_sum_1 (kind=? AND day>? AND day<?)",
		}},
		"sumsOfDays": {sumsOfDays, []string{
			"SEARCH metric_sum USING INDEX sqlite_autoindex_metric_sum_1 (kind=? AND day=?)", "SEARCH latest USING COVERING INDEX sqlite_autoindex_metric_sum_1 (kind=? AND day>? AND day<?)",
		}},
		"TopValues by day": {topValues, []string{"SEARCH metric_value USING INTEGER PRIMARY KEY"}},
		"TopValues by quarter": {quarterTopValues, []string{
			"SEARCH metric_quarter USING PRIMARY KEY (quarter=? AND kind=?)",
		}},
		"TopPosts by day": {topPosts, []string{
			"SEARCH metric_number USING INTEGER PRIMARY KEY", "SEARCH metric_post USING INTEGER PRIMARY KEY",
		}},
		"TopPosts by quarter": {quarterTopPosts, []string{
			"SEARCH metric_quarter USING PRIMARY KEY (quarter=? AND kind=?)",
		}},
		"PostTitles":  {postTitles, []string{"SEARCH metric_post USING INTEGER PRIMARY KEY"}},
		"PostViews":   {postViews, []string{"SEARCH metric_post USING INTEGER PRIMARY KEY"}},
		"RobotEvents": {robotEvents, []string{"SEARCH metric_robot USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"}},
		"ImportMark":  {importMark, []string{"SEARCH metric_import USING PRIMARY KEY (log=?)"}},
		"RawEvents": {
			raw(metric.RawQuery{AuthorID: &number, TagID: &number, Name: &text, Path: &text, Text: metric.FacetPath}),
			[]string{
				"SEARCH metric_event USING PRIMARY KEY (utc_day>? AND utc_day<?)",
				"SEARCH metric_event_recent USING PRIMARY KEY (utc_day>? AND utc_day<?)",
			},
		},
		"RawEvents of posts": {
			raw(metric.RawQuery{PostIDs: []logic.PostID{1, 2}, Text: metric.FacetReferrer}),
			[]string{
				"SEARCH metric_event USING COVERING INDEX metric_event_by_post (utc_day=? AND post_id=?)",
				"SEARCH metric_event_recent USING PRIMARY KEY (utc_day>? AND utc_day<?)",
			},
		},
		"InsertEvents":         {insertEvents, nil},
		"InsertEvents: recent": {insertRecentEvents, nil},
		"MoveEvents":           {moveEvents, []string{"SCAN metric_event_recent"}}, // of which most is moved
		"MoveEvents: forget": {forgetRecentEvents, []string{
			"SEARCH metric_event_recent USING PRIMARY KEY (utc_day=? AND id=?)", "SCAN metric_event_recent",
		}},
		"InsertEventIDs": {insertEventIDs, nil},
		"Salts":          {salts, []string{"SEARCH metric_salt USING INTEGER PRIMARY KEY"}},
		"SetSalts":       {setSalts, nil},
		"Places": {places, []string{
			"SEARCH metric_value USING COVERING INDEX sqlite_autoindex_metric_value_1 (kind=? AND text=?)",
			"SEARCH metric_place USING COVERING INDEX metric_place_by_day (kind=? AND utc_day=? AND value=?)",
		}},
		"CountPlaces":          {countPlaces, []string{"SEARCH metric_place USING COVERING INDEX metric_place_by_day (kind=? AND utc_day=? AND value>?)"}},
		"InsertPlaces: values": {insertValues, nil},
		"InsertPlaces":         {insertPlaces, []string{"SEARCH metric_value USING COVERING INDEX sqlite_autoindex_metric_value_1 (kind=? AND text=?)"}},
		"InsertPlaces: other":  {insertOtherPlaces, nil},
		"VisitorDays":          {visitorDays, []string{"SEARCH metric_visitor USING PRIMARY KEY (utc_day=? AND visitor=?)"}},
		"SetVisitorDays":       {setVisitorDays, nil},
		"AddFigures: quarters": {addQuarterFigures, nil},
		"AddFigures: days":     {addDayFigures, nil},
		"AddFigures: today":    {addTodayFigures, nil},
		"MoveDays":             {addDaysOver, []string{"SCAN metric_today"}}, // of which most is moved
		"MoveDays: forget": {forgetDaysOver, []string{
			"SEARCH metric_today USING PRIMARY KEY (kind=? AND value=? AND day=?)", "SCAN metric_today",
		}},
		"AddFigures: recent":        {recentRows, []string{"SCAN metric_recent"}},
		"AddFigures: set recent":    {setRecentRow, nil},
		"AddFigures: forget recent": {forgetRecent, []string{"SEARCH metric_recent USING INTEGER PRIMARY KEY"}},
		"AddFigures: numbers":       {numbersOfPosts, []string{"SEARCH metric_number USING COVERING INDEX sqlite_autoindex_metric_number_1 (post_id=?)"}},
		"AddFigures: new numbers":   {insertNumbers, nil},
		"AddFigures: sums": {sumsToChange, []string{
			"SEARCH metric_sum USING INDEX sqlite_autoindex_metric_sum_1 (kind=? AND day>? AND day<?)", "SEARCH latest USING COVERING INDEX sqlite_autoindex_metric_sum_1 (kind=? AND day>? AND day<?)",
		}},
		"AddFigures: set sums":    {setSums, nil},
		"SumDays: forget":         {forgetSums, []string{"SEARCH metric_sum USING INDEX sqlite_autoindex_metric_sum_1 (kind=?)"}},
		"SumDays: forget numbers": {forgetNumbers, []string{"SEARCH metric_number USING INTEGER PRIMARY KEY"}},
		"SumDays: numbers":        {numberPosts, []string{"SEARCH metric_day USING PRIMARY KEY (kind=?)"}},
		"SumDays: posts": {daysOfPosts, []string{
			"SEARCH metric_number USING INTEGER PRIMARY KEY", "SEARCH metric_day USING PRIMARY KEY (kind=? AND value=?)",
		}},
		"SumDays: texts": {daysOfTexts, []string{"SEARCH metric_day USING PRIMARY KEY (kind=?)"}},
		"sumsMissing": {sumsMissing, []string{
			"SEARCH metric_day USING PRIMARY KEY (kind=? AND value=?)", "SCAN metric_sum USING COVERING INDEX sqlite_autoindex_metric_sum_1", // of which the first row is enough
		}},
		"AddPostViews":       {addPostViews, nil},
		"AddRobotEvents":     {addRobotEvents, nil},
		"SetImportMark":      {setImportMark, nil},
		"SetHorizon":         {setHorizon, []string{"SEARCH metric_horizon USING INTEGER PRIMARY KEY"}},
		"DeleteSalts: empty": {emptySalts, []string{"SEARCH metric_salt USING INDEX metric_salt_by_made_at (made_at<?)"}},
		"DeleteSalts: visitors": {deleteVisitors, []string{
			"SEARCH metric_visitor USING PRIMARY KEY (utc_day=? AND visitor=?)",
			"SEARCH metric_visitor USING PRIMARY KEY (utc_day=?)", "SEARCH metric_salt USING COVERING INDEX metric_salt_by_made_at (made_at<?)",
		}},
		"DeleteSalts": {deleteSalts, []string{"SEARCH metric_salt USING INDEX metric_salt_by_made_at (made_at<?)"}},
		"DeleteBefore: events": {deleteEvents, []string{
			"SEARCH metric_event USING PRIMARY KEY (utc_day=? AND id=?)",
			"SEARCH metric_event USING PRIMARY KEY (utc_day<?)",
		}},
		"DeleteBefore: quarters": {deleteQuarters, []string{
			"SEARCH metric_quarter USING PRIMARY KEY (quarter=? AND kind=? AND value=?)", "SEARCH metric_quarter USING PRIMARY KEY (quarter<?)",
		}},
		"DeleteBefore: IDs": {deleteEventIDs, []string{"SEARCH metric_event_id USING COVERING INDEX metric_event_id_by_day (utc_day<?)"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			plan := metricPlan(t, s, test.query)
			for _, part := range test.want {
				if !strings.Contains(plan, part) {
					t.Errorf("the plan lacks %q:\n%s", part, plan)
				}
			}
			if strings.Contains(plan, "TEMP B-TREE") && name == "RawEvents" && !strings.Contains(plan, "TEMP B-TREE FOR LAST TERM") {
				t.Errorf("the plan sorts single events:\n%s", plan)
			}
			for line := range strings.Lines(plan) {
				line = strings.TrimSpace(line)
				if strings.HasPrefix(line, "SCAN metric_") && line != "SCAN metric_recent" && // which is short
					!strings.Contains(strings.Join(test.want, "\n"), line) {
					t.Errorf("the plan reads a whole table:\n%s", plan)
				}
			}
		})
	}
	mustHaveAll(t, tests, "metric*.go")
}

// metricPlan returns the plan of a statement, a step a line.
func metricPlan(t *testing.T, s *Store, query string) string {
	t.Helper()
	query = "EXPLAIN QUERY PLAN " + query
	statement, err := s.write.prepare(query)
	if err != nil {
		t.Fatal(err)
	}
	args := make([]any, statement.values)
	for i := range args {
		args[i] = "[]"
	}
	rows, err := selectRows[planStep](t.Context(), reader{from: s.write, statements: &s.statements}, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	var plan strings.Builder
	for _, row := range rows {
		plan.WriteString(row.Detail + "\n")
	}
	return plan.String()
}
