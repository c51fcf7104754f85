package transfer

import (
	"strconv"
	"strings"
	"time"

	"headwater/logic"
)

// clfLayout is the time of the common log format.
const clfLayout = "02/Jan/2006:15:04:05 -0700"

var zonedStamps = []string{
	clfLayout,
	"02/Jan/2006:15:04:05 Z07:00",
	"2/Jan/2006 15:04:05 -0700",
	time.RFC3339,
	"2006-01-02T15:04:05-0700",
	"2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05-07:00",
}

var localStamps = []string{
	"02/Jan/2006:15:04:05",
	"2/Jan/2006 15:04:05",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05",
	"2006/01/02 15:04:05",
	time.ANSIC,
}

// firstStamp and lastStamp bound the times that are believed: 1990-01-01 to 2100-01-01.
const (
	firstStamp logic.Moment = 631152000000
	lastStamp  logic.Moment = 4102444800000
)

// parseStamp reads the time of a request: as the common log format has it, by ISO 8601, or as seconds since 1970, each with
// or without a fraction of a second.
func parseStamp(text string, zone *time.Location) (logic.Moment, bool) {
	moment, ok := readStamp(strings.TrimSpace(text), zone)
	return moment, ok && moment >= firstStamp && moment < lastStamp
}

func readStamp(text string, zone *time.Location) (logic.Moment, bool) {
	if t, err := time.Parse(clfLayout, text); err == nil {
		return logic.MomentOf(t), true
	}
	if isNumber(strings.Replace(text, ".", "", 1)) {
		seconds, err := strconv.ParseFloat(text, 64)
		return logic.Moment(min(seconds*1000, float64(lastStamp))), err == nil
	}
	text = strings.Replace(text, ",", ".", 1) // ISO 8601 allows a decimal comma
	for _, name := range []string{" UTC", " GMT"} {
		if before, ok := strings.CutSuffix(text, name); ok {
			text = before + " +0000"
		}
	}
	for _, layout := range zonedStamps {
		if t, err := time.Parse(layout, text); err == nil {
			return logic.MomentOf(t), true
		}
	}
	for _, layout := range localStamps {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return logic.MomentOf(t), true
		}
	}
	return 0, false
}
