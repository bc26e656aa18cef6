// Approximate long-term means per month, rounded: temperature to 1 °C, precipitation to 5 mm. Example data, not taken from
// any one source and not checked against one: good for "is it warm there in July", for nothing else.

export interface ClimateNormals {
  readonly city: string;
  readonly country: string;
  /** Mean of day and night, °C, January first. */
  readonly temperatureC: readonly number[];
  /** Sum of the month, millimetres, January first. */
  readonly precipitationMm: readonly number[];
}

const normals = (
  city: string,
  country: string,
  temperatureC: readonly number[],
  precipitationMm: readonly number[],
): ClimateNormals => Object.freeze({ city, country, temperatureC, precipitationMm });

export const CLIMATE_NORMALS: readonly ClimateNormals[] = Object.freeze([
  normals(
    "Amsterdam",
    "Netherlands",
    [4, 4, 7, 10, 13, 16, 18, 18, 15, 11, 7, 5],
    [65, 55, 50, 40, 55, 65, 80, 90, 80, 85, 80, 85],
  ),
  normals(
    "Athens",
    "Greece",
    [10, 11, 13, 16, 21, 26, 29, 29, 25, 20, 16, 12],
    [55, 45, 45, 30, 20, 10, 10, 5, 25, 40, 70, 75],
  ),
  normals(
    "Bangkok",
    "Thailand",
    [27, 29, 30, 31, 30, 30, 29, 29, 29, 29, 28, 27],
    [25, 20, 55, 95, 215, 210, 185, 210, 345, 285, 45, 15],
  ),
  normals(
    "Beijing",
    "China",
    [-3, 1, 8, 15, 21, 25, 27, 26, 21, 14, 5, -1],
    [0, 5, 10, 20, 35, 70, 170, 115, 55, 30, 15, 0],
  ),
  normals(
    "Berlin",
    "Germany",
    [1, 2, 5, 10, 15, 18, 20, 20, 15, 10, 5, 2],
    [45, 35, 40, 30, 55, 60, 80, 60, 45, 45, 40, 45],
  ),
  normals(
    "Buenos Aires",
    "Argentina",
    [25, 24, 22, 18, 15, 12, 11, 13, 15, 18, 21, 24],
    [135, 130, 120, 130, 95, 60, 60, 75, 70, 125, 115, 110],
  ),
  normals("Cairo", "Egypt", [14, 15, 18, 22, 25, 28, 29, 29, 27, 24, 19, 16], [5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 5, 5]),
  normals(
    "Cape Town",
    "South Africa",
    [22, 22, 20, 18, 15, 13, 12, 13, 14, 17, 18, 21],
    [10, 10, 15, 40, 60, 95, 90, 80, 45, 30, 20, 15],
  ),
  normals(
    "Chicago",
    "United States",
    [-4, -2, 4, 10, 16, 21, 24, 23, 19, 12, 5, -1],
    [50, 50, 60, 95, 115, 105, 95, 110, 80, 85, 60, 55],
  ),
  normals(
    "Delhi",
    "India",
    [14, 17, 22, 29, 33, 33, 31, 30, 29, 26, 20, 15],
    [20, 20, 15, 15, 30, 75, 210, 235, 125, 15, 5, 10],
  ),
  normals(
    "Dubai",
    "United Arab Emirates",
    [19, 21, 23, 27, 31, 34, 36, 36, 33, 30, 25, 21],
    [20, 25, 20, 5, 0, 0, 0, 0, 0, 0, 5, 15],
  ),
  normals(
    "Helsinki",
    "Finland",
    [-3, -4, -1, 4, 10, 15, 18, 17, 12, 7, 2, -1],
    [55, 40, 35, 35, 40, 60, 55, 80, 55, 75, 70, 60],
  ),
  normals(
    "Hong Kong",
    "China",
    [17, 17, 20, 23, 26, 28, 29, 29, 28, 26, 22, 18],
    [35, 40, 75, 155, 290, 490, 385, 455, 320, 120, 40, 30],
  ),
  normals(
    "Istanbul",
    "Türkiye",
    [6, 6, 8, 12, 17, 21, 24, 24, 20, 16, 12, 8],
    [100, 80, 70, 45, 30, 40, 40, 40, 65, 100, 90, 115],
  ),
  normals("Lima", "Peru", [23, 24, 23, 21, 19, 18, 17, 17, 17, 18, 19, 21], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  normals(
    "Lisbon",
    "Portugal",
    [12, 13, 15, 16, 18, 21, 23, 24, 22, 19, 15, 12],
    [100, 85, 55, 70, 55, 15, 5, 5, 35, 100, 130, 125],
  ),
  normals(
    "London",
    "United Kingdom",
    [6, 6, 8, 11, 14, 17, 19, 19, 16, 12, 8, 6],
    [60, 45, 40, 40, 45, 45, 45, 55, 50, 65, 65, 55],
  ),
  normals(
    "Los Angeles",
    "United States",
    [15, 15, 16, 17, 19, 21, 23, 24, 23, 21, 17, 14],
    [85, 90, 55, 20, 10, 0, 0, 0, 5, 15, 20, 65],
  ),
  normals(
    "Madrid",
    "Spain",
    [6, 8, 11, 13, 17, 22, 26, 25, 21, 15, 10, 7],
    [35, 35, 25, 45, 50, 20, 10, 10, 20, 60, 60, 50],
  ),
  normals(
    "Mexico City",
    "Mexico",
    [15, 16, 18, 20, 20, 20, 18, 19, 18, 17, 16, 15],
    [10, 5, 10, 25, 55, 135, 175, 170, 145, 65, 10, 5],
  ),
  normals(
    "Moscow",
    "Russia",
    [-6, -6, -1, 7, 14, 17, 20, 18, 12, 6, 0, -4],
    [55, 45, 40, 35, 60, 80, 85, 80, 65, 70, 50, 50],
  ),
  normals(
    "Mumbai",
    "India",
    [24, 25, 27, 29, 30, 29, 28, 28, 28, 29, 28, 26],
    [0, 0, 0, 0, 10, 535, 920, 560, 385, 90, 10, 5],
  ),
  normals(
    "Nairobi",
    "Kenya",
    [19, 20, 20, 20, 19, 17, 17, 17, 19, 20, 19, 19],
    [80, 50, 90, 210, 170, 40, 15, 20, 25, 60, 150, 105],
  ),
  normals(
    "New York",
    "United States",
    [1, 2, 6, 12, 17, 22, 25, 25, 21, 14, 9, 4],
    [90, 80, 110, 105, 100, 115, 115, 115, 110, 110, 90, 110],
  ),
  normals(
    "Oslo",
    "Norway",
    [-2, -2, 1, 6, 11, 15, 18, 17, 12, 7, 2, -2],
    [60, 45, 40, 50, 60, 80, 85, 105, 80, 90, 80, 60],
  ),
  normals(
    "Paris",
    "France",
    [5, 6, 9, 12, 16, 19, 21, 21, 17, 13, 9, 6],
    [50, 40, 45, 45, 70, 50, 60, 60, 45, 55, 55, 60],
  ),
  normals(
    "Reykjavik",
    "Iceland",
    [1, 1, 1, 4, 7, 10, 12, 11, 8, 5, 2, 1],
    [85, 90, 80, 55, 55, 45, 50, 65, 90, 75, 80, 95],
  ),
  normals(
    "Rio de Janeiro",
    "Brazil",
    [27, 27, 26, 25, 23, 22, 22, 23, 23, 24, 25, 26],
    [135, 130, 135, 95, 70, 45, 40, 45, 55, 85, 100, 135],
  ),
  normals(
    "Rome",
    "Italy",
    [8, 9, 11, 14, 18, 22, 25, 26, 21, 17, 13, 9],
    [65, 65, 55, 60, 50, 30, 20, 30, 70, 95, 110, 90],
  ),
  normals(
    "San Francisco",
    "United States",
    [11, 12, 13, 14, 14, 15, 16, 16, 17, 17, 14, 11],
    [110, 110, 80, 40, 20, 5, 0, 0, 5, 25, 65, 120],
  ),
  normals(
    "Seoul",
    "South Korea",
    [-2, 1, 6, 13, 18, 23, 25, 26, 22, 15, 8, 0],
    [15, 30, 35, 75, 105, 130, 415, 350, 140, 50, 50, 20],
  ),
  normals(
    "Singapore",
    "Singapore",
    [27, 27, 28, 28, 29, 29, 28, 28, 28, 28, 27, 27],
    [220, 105, 150, 165, 165, 135, 145, 145, 125, 170, 250, 330],
  ),
  normals(
    "Stockholm",
    "Sweden",
    [-1, -1, 2, 6, 11, 16, 19, 18, 13, 8, 4, 1],
    [35, 30, 25, 30, 35, 60, 60, 70, 45, 50, 50, 45],
  ),
  normals(
    "Sydney",
    "Australia",
    [24, 23, 22, 20, 17, 14, 13, 15, 17, 19, 20, 22],
    [90, 130, 120, 115, 100, 140, 80, 75, 65, 70, 90, 75],
  ),
  normals(
    "Tokyo",
    "Japan",
    [5, 6, 9, 14, 19, 22, 26, 27, 23, 18, 13, 8],
    [60, 55, 115, 135, 140, 170, 155, 155, 225, 235, 95, 60],
  ),
  normals(
    "Toronto",
    "Canada",
    [-3, -2, 2, 8, 14, 20, 23, 22, 18, 11, 5, 0],
    [65, 50, 50, 75, 80, 80, 75, 70, 70, 65, 65, 60],
  ),
  normals(
    "Vienna",
    "Austria",
    [1, 3, 7, 12, 16, 20, 22, 21, 16, 11, 6, 2],
    [40, 40, 50, 45, 70, 70, 75, 70, 60, 45, 45, 45],
  ),
  normals(
    "Zurich",
    "Switzerland",
    [1, 2, 6, 10, 14, 17, 19, 19, 14, 10, 5, 2],
    [60, 60, 65, 80, 125, 125, 125, 120, 90, 85, 75, 80],
  ),
]);
