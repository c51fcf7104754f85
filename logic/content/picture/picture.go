package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // formats that image.Decode reads
	_ "image/jpeg"
	_ "image/png"
	"io"
	"runtime"
	"runtime/debug"

	_ "golang.org/x/image/webp"

	"headwater/logic"
)

// What an image may be at most.
const (
	MaxPixels = 50_000_000
	MaxSide   = 65_500 // pixels
	// maxMemory is how many bytes it may take to decode one and to turn it.
	maxMemory = 300_000_000
	// worthCollecting is from how many of them on what was taken is given back before the next image is read.
	worthCollecting = 20_000_000
)

// turnedBytes is how many bytes a pixel takes of an image that is turned.
const turnedBytes = 4

// widths are those that copies are made at, the widest first.
var widths = []int{1920, 1280, 960, 640, 320}

// The types of images that are read.
const (
	GIF  = "image/gif"
	JPEG = "image/jpeg"
	PNG  = "image/png"
	WebP = "image/webp"
)

// IsRead tells whether images of a type are read.
func IsRead(mimeType string) bool {
	return mimeType == GIF || mimeType == JPEG || mimeType == PNG || mimeType == WebP
}

// Picture is an image as it may be shown to all.
type Picture struct {
	File
	// Copies are the same image at smaller widths, the narrowest first. Of an animation there are none, since they would stand still.
	Copies []File
}

// File is an encoded image.
type File struct {
	MimeType      string
	Width, Height int
	Data          []byte
}

// turn is held while an image is read: one at a time, since one alone may take a lot of memory.
var turn = make(chan struct{}, 1)

// Read reads an image. INVALID for what is none, for one that is too large or takes too much memory, and for one that is broken or not whole.
func Read(ctx context.Context, content io.Reader) (Picture, error) {
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return Picture{}, ctx.Err()
	}
	defer func() { <-turn }()
	data, err := io.ReadAll(content)
	if err != nil {
		return Picture{}, err
	}
	return read(data)
}

// read does so. What is wrong with an image is the fault of whoever sent it, also where a decoder did not expect it.
func read(data []byte) (picture Picture, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = broken(fmt.Errorf("a decoder panicked: %v\n%s", thrown, debug.Stack()))
		}
	}()
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Picture{}, broken(err)
	}
	if err := CheckSize(config.Width, config.Height); err != nil {
		return Picture{}, err
	}
	clean, err := cleaners[format](data)
	if err != nil {
		return Picture{}, broken(err)
	}
	pixels, each := config.Width*config.Height, clean.bytesPerPixel()
	if most := int(maxMemory / each); pixels > most {
		return Picture{}, logic.Invalid("The image has %d × %d pixels; of images that are stored as this one at most %d million are allowed.",
			config.Width, config.Height, most/1_000_000)
	}
	if float64(pixels)*each > worthCollecting {
		defer runtime.GC() // or else the next one would come on top of what is left of this one
	}
	picture.File = File{clean.mimeType, config.Width, config.Height, clean.data}
	if clean.animated && clean.mimeType == WebP { // which the decoder does not know
		return picture, nil
	}
	decoded, _, err := image.Decode(bytes.NewReader(clean.data))
	if err != nil {
		return Picture{}, broken(err)
	}
	if clean.animated {
		return picture, nil
	}
	return develop(picture.File, clean, decoded)
}

// Check returns the size of an image that Read has made, without decoding it. INVALID for one that Read would refuse for its size, and for
// one that says more than what it shows.
func Check(content io.Reader) (width, height int, err error) {
	data, err := io.ReadAll(content)
	if err != nil {
		return 0, 0, err
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0, 0, broken(err)
	}
	if err := CheckSize(config.Width, config.Height); err != nil {
		return 0, 0, err
	}
	clean, err := cleaners[format](data)
	if err != nil {
		return 0, 0, broken(err)
	}
	if !bytes.Equal(clean.data, data) {
		return 0, 0, logic.Invalid("The image says more than what it shows.")
	}
	return config.Width, config.Height, nil
}

// develop turns an image upright where it is not, and makes its copies.
func develop(file File, clean cleaned, decoded image.Image) (Picture, error) {
	encoder := encoderOf(clean, decoded)
	if clean.orientation <= upright && file.Width <= widths[len(widths)-1] {
		return Picture{File: file}, nil
	}
	if clean.orientation > upright {
		canvas := turned(decoded, file.Width, file.Height, clean.orientation)
		var err error
		if file, err = encoder.encode(canvas, keptQuality); err != nil {
			return Picture{}, err
		}
		decoded = canvas
	}
	copies, err := copiesOf(decoded, file.Width, file.Height, encoder)
	return Picture{file, copies}, err
}

// CheckSize returns INVALID for what is no size of an image, and for one that is too large.
func CheckSize(width, height int) error {
	switch {
	case width < 1 || height < 1:
		return logic.Invalid("The image has %d × %d pixels: there is nothing to see.", width, height)
	case max(width, height) > MaxSide:
		return logic.Invalid("The image has %d × %d pixels; a side may have at most %d.", width, height, MaxSide)
	case width > MaxPixels/height:
		return logic.Invalid("The image has %d × %d pixels; at most %d million are allowed.", width, height, MaxPixels/1_000_000)
	}
	return nil
}

// cleaned is an image file without all that it says beside what it shows, and what of that counts.
type cleaned struct {
	mimeType    string
	data        []byte
	orientation int     // as EXIF counts, 0 where it is not said
	decoding    float64 // how many bytes a pixel takes while it is decoded
	profile     []byte  // how its colours are meant, where that is said in short
	animated    bool
	lossless    bool
}

// bytesPerPixel returns how many bytes a pixel takes at most until all is made of it that is made.
func (c cleaned) bytesPerPixel() float64 {
	if c.orientation > upright {
		return c.decoding + turnedBytes
	}
	return c.decoding
}

// cleaners read the formats by the names that package image has for them.
var cleaners = map[string]func([]byte) (cleaned, error){"gif": cleanGIF, "jpeg": cleanJPEG, "png": cleanPNG, "webp": cleanWebP}

// errMalformed is what a file answers that does not hold to its format.
var errMalformed = errors.New("the file does not hold to its format")

// broken is the fault of an image that can't be read because of err.
func broken(err error) error {
	fault := logic.Invalid("The image is broken: it can't be read.")
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		fault = logic.Invalid("The image is not whole: the file ends too early.")
	}
	fault.Err = err
	return fault
}

// take returns the first n bytes of data and the rest, or io.ErrUnexpectedEOF where there are fewer.
func take(data []byte, n int) (head, rest []byte, err error) {
	if n < 0 || n > len(data) {
		return nil, nil, io.ErrUnexpectedEOF
	}
	return data[:n], data[n:], nil
}
