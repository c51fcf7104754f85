package transfer

import (
	"regexp"
	"strings"
	"time"

	"headwater/logic"
)

// zonedLayouts name a zone or an offset; an abbreviation other than UTC and GMT says nothing certain, and is refused.
var zonedLayouts = []string{
	"2006-1-2T15:04:05Z07:00",
	"2006-1-2T15:04Z07:00",
	"2006-1-2T15:04:05Z0700",
	"2006-1-2 15:04:05Z07:00",
	"2006-1-2 15:04:05 Z07:00",
	"2006-1-2 15:04:05 Z0700",
	"2006-1-2 15:04 Z0700",
	"2006-1-2 15:04:05 -0700 MST",
	"2006-1-2 15:04:05 MST",
	"2006-1-2 15:04 MST",
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"2 Jan 2006 15:04:05 -0700",
	time.UnixDate,
	"Mon Jan _2 2006 15:04:05 MST-0700",
	"Mon, 2 Jan 2006 15:04:05 MST",
}

// localLayouts name none.
var localLayouts = []string{
	"2006-1-2",
	"2006-1-2T15:04:05",
	"2006-1-2T15:04",
	"2006-1-2 15:04:05",
	"2006-1-2 15:04",
	"January 2, 2006",
	"Jan 2, 2006",
	"2 January 2006",
	"2 Jan 2006",
	"Mon Jan 2 2006",
	"Mon, 2 Jan 2006",
	"January 2, 2006 15:04",
	"Jan 2, 2006 15:04",
	time.ANSIC,
}

var slashedDate = regexp.MustCompile(`^(\d{4})[/.](\d{1,2})[/.](\d{1,2})`)

// parseDate reads a date as people and programs write it, the year first or the month as a word. One without a zone is in
// zone. Dates of numbers alone with the year last are refused: day and month can't be told apart.
func parseDate(text string, zone *time.Location) (logic.Moment, bool) {
	text = slashedDate.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1-$2-$3")
	for _, layout := range zonedLayouts {
		if t, err := time.Parse(layout, text); err == nil && certainZone(t) {
			return plausible(t)
		}
	}
	for _, layout := range localLayouts {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return plausible(t)
		}
	}
	return 0, false
}

// certainZone tells an offset that was written from one that Go made up for an abbreviation that it doesn't know.
func certainZone(t time.Time) bool {
	name, offset := t.Zone()
	return offset != 0 || name == "" || name == "UTC" || name == "GMT"
}

func plausible(t time.Time) (logic.Moment, bool) {
	return logic.MomentOf(t), t.Year() >= 1 && t.Year() <= 9999
}

var datedName = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})(?:T[\dZ:.+-]+)?(?:[-_ ]+(.*))?$`)

// cutDate takes a date off the front of a file's or folder's name, as Jekyll and Zola write them. Without one it returns
// the name as it is, and no date.
func cutDate(name string) (rest, date string) {
	match := datedName.FindStringSubmatch(name)
	if match == nil {
		return name, ""
	}
	return match[2], match[1]
}
