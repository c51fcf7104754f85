// Package picture reads images that strangers made: what they say beside what they show is taken away, they are turned upright, and smaller
// copies are made of them. It only computes; keeping them is logic/content's.
package picture
