package picture

import (
	"image"
	"image/draw"
	"slices"
)

// canvasOf returns an image as a canvas of a size, with all around it that is not shown transparent.
func canvasOf(decoded image.Image, width, height int) *image.RGBA {
	canvas := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(canvas, decoded.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	return canvas
}

// turned returns canvas as it stands upright, where EXIF says that it is stored in an orientation.
func turned(canvas *image.RGBA, orientation int) *image.RGBA {
	if orientation <= upright {
		return canvas
	}
	width, height := canvas.Rect.Dx(), canvas.Rect.Dy()
	lying := orientation >= 5
	size := image.Rect(0, 0, width, height)
	if lying {
		size = image.Rect(0, 0, height, width)
	}
	straight := image.NewRGBA(size)
	mirrored := orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8
	flipped := orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7
	for y := range size.Dy() {
		for x := range size.Dx() {
			fromX, fromY := x, y
			if lying {
				fromX, fromY = y, x
			}
			if mirrored {
				fromX = width - 1 - fromX
			}
			if flipped {
				fromY = height - 1 - fromY
			}
			from, to := canvas.PixOffset(fromX, fromY), straight.PixOffset(x, y)
			copy(straight.Pix[to:to+4], canvas.Pix[from:from+4])
		}
	}
	return straight
}

// copiesOf returns the copies of an image at the fixed widths below its own, the narrowest first.
func copiesOf(canvas *image.RGBA, encoder encoder) ([]File, error) {
	made := []*image.RGBA{canvas}
	var copies []File
	for _, width := range widths {
		if width >= canvas.Rect.Dx() {
			continue
		}
		// A copy that is at least twice as wide has all that a smaller one shows, and is read faster.
		source := canvas
		for _, wider := range made {
			if wider.Rect.Dx() >= 2*width {
				source = wider
			}
		}
		scaled := shrunk(source, width, max(1, (canvas.Rect.Dy()*width+canvas.Rect.Dx()/2)/canvas.Rect.Dx()))
		file, err := encoder.encode(scaled, copyQuality)
		if err != nil {
			return nil, err
		}
		made, copies = append(made, scaled), append(copies, file)
	}
	slices.Reverse(copies)
	return copies, nil
}

// span is a part of a row or a column: the places from first on, each with how much of it counts.
type span struct {
	first   int
	weights []uint64
}

// spanOne is the sum of the weights of a span.
const spanOne = 1 << 16

// spansOf returns, for each of to places, what it is of from places: no more than they are.
func spansOf(from, to int) []span {
	spans := make([]span, to)
	for i := range spans {
		// All is counted in parts of which each old place has to, and each new one from.
		start, end := i*from, (i+1)*from
		spans[i].first = start / to
		left := uint64(spanOne)
		for place := start / to; place*to < end; place++ {
			part := min(end, (place+1)*to) - max(start, place*to)
			weight := min(left, uint64(part)*spanOne/uint64(from)+1)
			spans[i].weights = append(spans[i].weights, weight)
			left -= weight
		}
		spans[i].weights[0] += left
	}
	return spans
}

// shrunk returns source at a smaller size: each pixel is the mean of the area that it stands for.
func shrunk(source *image.RGBA, width, height int) *image.RGBA {
	columns, rows := spansOf(source.Rect.Dx(), width), spansOf(source.Rect.Dy(), height)
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	sums := make([]uint64, 4*width)
	for y, row := range rows {
		clear(sums)
		for i, rowWeight := range row.weights {
			line := source.Pix[(row.first+i)*source.Stride:]
			for x, column := range columns {
				var red, green, blue, alpha uint64
				for k, weight := range column.weights {
					pixel := line[4*(column.first+k):]
					red += weight * uint64(pixel[0])
					green += weight * uint64(pixel[1])
					blue += weight * uint64(pixel[2])
					alpha += weight * uint64(pixel[3])
				}
				sums[4*x] += rowWeight * red
				sums[4*x+1] += rowWeight * green
				sums[4*x+2] += rowWeight * blue
				sums[4*x+3] += rowWeight * alpha
			}
		}
		for i, sum := range sums {
			small.Pix[y*small.Stride+i] = byte((sum + spanOne*spanOne/2) / (spanOne * spanOne))
		}
	}
	return small
}
