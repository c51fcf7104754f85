package httpd

import (
	"mime"
	"strconv"
	"strings"
)

// The media types of answers.
const (
	mediaResponse = "application/graphql-response+json"
	mediaJSON     = "application/json"
)

// negotiate returns the media type to answer in, by the Accept headers of a request: JSON and false where they allow none. Without
// any, and wherever the choice is ours, it is the one whose status codes can be trusted.
func negotiate(accept []string) (string, bool) {
	ranges := strings.Split(strings.Join(accept, ","), ",")
	best, bestQuality := "", 0.0
	given := false
	for _, media := range []string{mediaResponse, mediaJSON} {
		quality, specific := 0.0, -1
		for _, text := range ranges {
			name, parameters, err := mime.ParseMediaType(text)
			if strings.TrimSpace(text) == "" {
				continue
			}
			given = true
			if err != nil || !charsetIsUTF8(parameters) {
				continue
			}
			// The most specific range decides, wherever it stands.
			if s := specificity(name, media); s > specific {
				specific, quality = s, qualityOf(parameters)
			}
		}
		if quality > bestQuality {
			best, bestQuality = media, quality
		}
	}
	switch {
	case !given:
		return mediaResponse, true
	case bestQuality == 0:
		return mediaJSON, false
	}
	return best, true
}

// specificity tells how closely a media range names media: 2 by its name, 1 by its main type, 0 by */*, -1 not at all.
func specificity(name, media string) int {
	switch name {
	case media:
		return 2
	case "application/*":
		return 1
	case "*/*":
		return 0
	}
	return -1
}

func qualityOf(parameters map[string]string) float64 {
	text, ok := parameters["q"]
	if !ok {
		return 1
	}
	quality, err := strconv.ParseFloat(text, 64)
	if err != nil || !(quality >= 0 && quality <= 1) {
		return 0
	}
	return quality
}

func charsetIsUTF8(parameters map[string]string) bool {
	charset, ok := parameters["charset"]
	return !ok || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
