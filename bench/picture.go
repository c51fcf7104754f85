package main

import (
	"bytes"
	"fmt"
	"math"
)

// colours of the servers, told apart also by those who see fewer of them.
var colours = map[string]string{
	headwater: "#0072b2", cacheServer: "#56b4e9", mercurius: "#d55e00", gqlgen: "#009e73", pocketBase: "#cc79a7", byHand: "#8c8c8c", storedBytes: "#bdbdbd",
	sqliteInC: "#595959",
}

// Measures of the picture, in pixels; the axis goes by powers of ten from least to most milliseconds.
const (
	pictureWidth = 960
	axisLeft     = 240
	axisRight    = 880
	barHeight    = 12
	axisLeast    = 0.001
	axisMost     = 100.0
)

// picture draws the processor time of every workload on every server as bars, on an axis of powers of ten.
func (b *bench) picture() []byte {
	var bars bytes.Buffer
	y := 50
	for _, w := range workloads {
		if b.rounds[w.name] == nil {
			continue
		}
		fmt.Fprintf(&bars, `<text x="10" y="%d" font-weight="bold">%s</text>`+"\n", y+10, w.name)
		for _, name := range serverNames {
			rounds := b.rounds[w.name][name]
			if len(rounds) == 0 {
				continue
			}
			cpu := middle(rounds).cpu
			fmt.Fprintf(&bars, `<text x="%d" y="%d" text-anchor="end">%s</text><rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%d">%s</text>`+"\n",
				axisLeft-8, y+10, name, axisLeft, y, along(cpu)-axisLeft, barHeight-2, colours[name], along(cpu)+5, y+10, amount(cpu))
			y += barHeight + 2
		}
		y += 12
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11" fill="#222">`+"\n",
		pictureWidth, y+10, pictureWidth, y+10)
	fmt.Fprintf(&out, `<rect width="100%%" height="100%%" fill="#fff"/><text x="10" y="20" font-size="14">Milliseconds of the server's processor time a request; each line is ten times the one before</text>`+"\n")
	for tick := axisLeast; tick <= axisMost; tick *= 10 {
		fmt.Fprintf(&out, `<line x1="%.1f" x2="%.1f" y1="42" y2="%d" stroke="#ddd"/><text x="%.1f" y="38" text-anchor="middle">%g</text>`+"\n",
			along(tick), along(tick), y, along(tick), tick)
	}
	bars.WriteTo(&out)
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// along returns where a number of milliseconds stands on the axis.
func along(milliseconds float64) float64 {
	share := math.Log10(max(milliseconds, axisLeast)/axisLeast) / math.Log10(axisMost/axisLeast)
	return axisLeft + share*(axisRight-axisLeft)
}
