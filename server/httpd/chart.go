package httpd

import (
	"fmt"
	"math"
	"time"
)

// Sizes of the chart in its own units.
const (
	chartWidth  = 640.0
	chartHeight = 180.0
	chartLeft   = 40.0 // the bars begin behind the numbers
	chartTop    = 12.0
	chartFloor  = 156.0 // where the bars stand; the days' names are below
	chartGap    = 3.0
)

// chart is a bar for every day, as an SVG picture with words for those who can't see it.
type chart struct {
	Left, Width, Height, Floor float64
	Bars                       []bar
	Lines                      []line // from the greatest down, zero left out; none without views
	Labels                     []label
	Summary                    string
}

type bar struct {
	X, Y, Width, Height float64
	Title               string
	Views               int64
	Day                 string
}

type line struct {
	Y    float64
	Text string
}

type label struct {
	X      float64
	Anchor string
	Text   string
}

// drawChart lays out one bar for each of views, which begin at starts. It takes lists of different lengths by the shorter one.
func drawChart(starts []time.Time, views []int64, zone *time.Location) chart {
	drawn := chart{Left: chartLeft, Width: chartWidth, Height: chartHeight, Floor: chartFloor}
	days := min(len(starts), len(views))
	if days == 0 {
		drawn.Summary = "No days to show."
		return drawn
	}
	most, peak := int64(0), 0
	for i, n := range views[:days] {
		if n > most {
			most, peak = n, i
		}
	}
	top := niceAbove(most)
	scale := (chartFloor - chartTop) / float64(top)
	step := (chartWidth - chartLeft) / float64(days)
	for i := range days {
		height := float64(max(views[i], 0)) * scale
		day := dayName(starts[i], zone)
		drawn.Bars = append(drawn.Bars, bar{
			X: round(chartLeft + float64(i)*step + chartGap/2), Y: round(chartFloor - height), Width: round(max(step-chartGap, 1)), Height: round(height),
			Title: fmt.Sprintf("%s: %s views", day, groupDigits(views[i])), Views: views[i], Day: day,
		})
	}
	if most > 0 {
		for _, n := range []int64{top, top / 2} {
			drawn.Lines = append(drawn.Lines, line{round(chartFloor - float64(n)*scale), groupDigits(n)})
		}
	}
	drawn.Labels = []label{{chartLeft, "start", drawn.Bars[0].Day}}
	if days > 2 {
		drawn.Labels = append(drawn.Labels, label{(chartLeft + chartWidth) / 2, "middle", drawn.Bars[days/2].Day})
	}
	if days > 1 {
		drawn.Labels = append(drawn.Labels, label{chartWidth, "end", drawn.Bars[days-1].Day})
	}
	drawn.Summary = "No views in these days."
	if most > 0 {
		drawn.Summary = fmt.Sprintf("Views by day from %s to %s; the most, %s, on %s.",
			drawn.Bars[0].Day, drawn.Bars[days-1].Day, groupDigits(most), drawn.Bars[peak].Day)
	}
	return drawn
}

// niceAbove returns the least even number of the form 1, 2, 4, 5 or 8 times a power of ten that is n or more, at least 2.
func niceAbove(n int64) int64 {
	for unit := int64(1); unit <= math.MaxInt64/10; unit *= 10 {
		for _, factor := range []int64{1, 2, 4, 5, 8} {
			if nice := factor * unit; nice >= n && nice%2 == 0 {
				return nice
			}
		}
	}
	return n
}

// round keeps a hundredth, which is all that a screen can show.
func round(x float64) float64 { return math.Round(x*100) / 100 }
