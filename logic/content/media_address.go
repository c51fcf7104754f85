package content

import "strings"

// mediaPath is how the texts of posts begin an address of a file, whatever the server is called.
const mediaPath = "/media/"

// MediaURL returns where a file, or a copy of an image, is served.
func (s *Service) MediaURL(name string) string { return s.mediaURL + name }

// mediaAddress is what stands for a file's address in rendered HTML, which writes all attributes alike.
const mediaAddress = `="` + mediaPath

// WithMediaURLs returns HTML as it was rendered with the whole addresses of files in it, so that any frontend can show it.
func (s *Service) WithMediaURLs(html string) string {
	if s.mediaURL == "" {
		return html
	}
	return strings.ReplaceAll(html, mediaAddress, `="`+s.mediaURL)
}
