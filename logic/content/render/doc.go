// Package render turns a post's Markdown into what readers get: safe HTML, plain text, an outline, the terms that tell the
// post apart, and the short forms of titles. It runs once, when a post is written.
//
// Every function here is pure: the same input gives the same output, nothing is stored and nothing is fetched. What a post
// is and who may see it stands in content, above; how pages look is each frontend's own.
package render
