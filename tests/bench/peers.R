# Runs spatstat and spdep on the points and cells that `npm run bench -- --peers` wrote, and prints milliseconds: medians of five, neighbours once.
suppressMessages({ library(spatstat.geom); library(spatstat.explore); library(spdep) })
folder <- commandArgs(trailingOnly = TRUE)[1]
numbers <- function(name) { path <- file.path(folder, name); readBin(path, "double", file.info(path)$size / 8, size = 8, endian = "little") }
took <- function(run) { run(); median(sapply(1:5, function(k) { start <- proc.time()[["elapsed"]]; run(); proc.time()[["elapsed"]] - start })) * 1000 }
say <- function(key, value) cat(key, format(value, digits = 15), "\n")

x <- numbers("x.bin"); y <- numbers("y.bin")
window <- owin(c(440000, 465000), c(510000, 525000))
points <- ppp(x, y, window, check = FALSE)
surface <- NULL
say("kdeBinnedMillionMs", took(function() surface <<- density(points, sigma = 250, edge = FALSE, dimyx = c(300, 500))))
say("kdePeakPerKm2", max(surface) * 1e6)

# Neighbours as ours found them, from the compressed rows; finding them takes spdep minutes at this size, so that is timed on a tenth.
counts <- numbers("counts.bin"); offsets <- numbers("offsets.bin"); targets <- as.integer(numbers("targets.bin")) + 1L
near <- unname(split(targets, rep(seq_along(diff(offsets)), diff(offsets))))
class(near) <- "nb"; attr(near, "region.id") <- as.character(seq_along(near)); attr(near, "self.included") <- TRUE
weights <- nb2listw(near, style = "B", zero.policy = TRUE)
z <- NULL
say("giStar150kMs", took(function() z <<- localG(counts, weights, zero.policy = TRUE)))
writeBin(as.double(z), file.path(folder, "z.bin"), size = 8, endian = "little")

places <- cbind(numbers("eastings.bin"), numbers("northings.bin"))
start <- proc.time()[["elapsed"]]
invisible(dnearneigh(places, 0, 450))
say("neighbours15kMs", (proc.time()[["elapsed"]] - start) * 1000)
